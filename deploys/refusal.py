"""How a run that cannot go on says so: in its own words, without a traceback or a place in our code."""

from pyinfra.api.exceptions import DeployError

from deploys.folding import harmless


class Refusal(DeployError):
    """Says in one line, or in several, what a user has to change before anything is done.

    pyinfra puts the place where an error was raised before its message. That is a line of ours, and of
    no use to whoever wrote the settings, so a refusal does not tell where it came from.
    """

    def __init__(self, message: str) -> None:
        super().__init__(harmless(message))

    __traceback__ = property(lambda _: None, lambda _, traceback: None)
