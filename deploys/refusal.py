"""How a run that cannot go on says so: in its own words, without a traceback or a place in our code."""

from typing import IO, Any

from pyinfra import logger
from pyinfra.api.exceptions import DeployError
from pyinfra_cli.exceptions import CliError


class Refusal(DeployError, CliError):
    """Stops the run before anything on any host is changed.

    As a `DeployError` it passes through pyinfra unwrapped; as a `CliError` it is shown without a
    traceback.
    """

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message alone."""
        logger.error("--> %s", self.message)
