"""What a step says for itself to whoever reads, and what a command of it said on the host."""

from typing import Any

from pyinfra import logger
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS
from pyinfra.api.command import StringCommand
from pyinfra.api.host import Host
from pyinfra.api.state import State
from pyinfra.connectors.util import CommandOutput
from pyinfra.context import host as host_in_context

_OF_ALL = ": all "


def connection() -> dict[str, Any]:
    """Take how the operation in context reaches its host, for the commands that it sends later on."""
    arguments = dict(host_in_context.current_op_global_arguments or {})
    return {key: arguments[key] for key in CONNECTOR_ARGUMENT_KEYS if key in arguments}


def of_all(what: str, how: str) -> str:
    """Name an operation that fails because others have, which were told of."""
    return f"{what}{_OF_ALL}{how}"


def is_of_all(name: str) -> bool:
    """Say whether an operation is such a one, by its name."""
    return _OF_ALL in name


def run_quietly(host: Host, command: StringCommand, connection: dict[str, Any]) -> tuple[bool, CommandOutput]:
    """Run a command of which nothing is shown, whatever the verbosity, and give what came of it."""
    how = connection | command.connector_arguments
    done, output = host.run_shell_command(command, print_output=False, print_input=False, **how)
    return done, output


def tell(state: State, host: Host, words: str) -> bool:
    """Say what came of a step that went well."""
    for line in words.splitlines():
        logger.info("%s%s", host.print_prefix, line)
    return True


def fail(state: State, host: Host, words: str) -> bool:
    """Say in one go why a step fails, and have it fail."""
    for line in words.splitlines():
        logger.error("%s%s", host.print_prefix, line)
    return False
