"""How a run that cannot go on says so: in its own words, without a traceback or a place in our code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from pyinfra import logger
from pyinfra.api.exceptions import DeployError


class Refusal(DeployError):
    """Says in one line, or in several, what a user has to change before anything is done."""


@contextmanager
def shown_plainly() -> Iterator[None]:
    """Have pyinfra show a refusal by its message alone; it would put a line of our code before it."""
    try:
        yield
    except Refusal as refusal:
        # Importing this patches the standard library's sockets, which only pyinfra's own process wants.
        from pyinfra_cli.exceptions import CliError  # noqa: PLC0415

        class Shown(Refusal, CliError):
            def show(self, file: IO[Any] | None = None) -> None:
                logger.error("--> %s", self.message)

        raise Shown(str(refusal)) from None
