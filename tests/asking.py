"""A deploy that acts on what its hosts answer while it is at work."""

from collections.abc import Generator

from pyinfra import logger
from pyinfra.api.facts import FactBase
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import connection


class Answer(FactBase[str]):
    """What a host answers."""

    @staticmethod
    def default() -> str:
        return "a bare machine"

    def command(self) -> str:
        return "question"

    def process(self, output: list[str]) -> str:
        return output[0]


@operation(is_idempotent=False)
def act() -> Generator[str, None, None]:
    """Act on the answer."""
    found = connection.ask(Answer) if state.is_executing else "a plan"
    logger.info("%s acts on %s", host.name, found)
    yield "true"


for name in ("Act", "Act again"):
    act(name=name)
