"""sudo with a password: asked for once for each host, and in no argument that others could read.

pyinfra would write the password into each command, and what a command's arguments are is for all users of the
server to read. So it travels on standard input, and gets to sudo by sudo's own environment alone: what sudo
asks by is a program that says the variable that the prompt names (SUDO_ASKPASS in sudo(8), printenv(1)).
"""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from getpass import getpass
from typing import Any

from gevent.lock import BoundedSemaphore
from pyinfra.api.command import QuoteString, StringCommand
from pyinfra.api.host import Host
from pyinfra.connectors import ssh
from pyinfra.connectors.util import SUDO_PASSWORD_REQUIRED_LINES, CommandOutput, make_unix_command

from deploys import terminal
from deploys.onhost.words import shown
from deploys.refusal import Refusal

READS = "-- gatehouse reads unseen --"
"""What a command at a terminal says once nothing that is sent is shown there."""

_VARIABLE = "GATEHOUSE_SUDO"
_READ = f"IFS= read -r {_VARIABLE}"
_UNSEEN = f'gatehouse=$(stty -g); stty -echo; echo "{READS}"; {_READ}; stty "$gatehouse"'
_SUDO = f"export {_VARIABLE}; SUDO_ASKPASS=/usr/bin/printenv exec sudo -H -A -k -p {_VARIABLE}"
_TRY = "sudo -k -S -p '' sh -c true"
"""What a password is tried by: one time, as there is no more to read after it."""

_OWN = {"_sudo", "_sudo_user", "_use_sudo_login", "_preserve_sudo_env", "_sudo_password"}
_SHOWS = {"print_output", "print_input"}
_CONTROL = {"_success_exit_codes", "_timeout", "_get_pty", "_stdin"}

_TRIES = 3
REMEDY = (
    "set _sudo_password beside _sudo, best from the environment, as os.environ.get('SUDO_PASSWORD'), "
    "or let sudo there ask for none (NOPASSWD)"
)
"""What to do where nobody can be asked."""

_taken: dict[str, str | None] = {}
"""By host: the password that sudo has taken, or none where it wants none."""
_turn = BoundedSemaphore()
"""Whose question it is, of several hosts."""


def guard() -> None:
    """Have all commands that pyinfra sends by SSH from now on go by here."""
    run: Any = ssh.SSHConnector.run_shell_command
    if not hasattr(run, "__wrapped__"):
        ssh.SSHConnector.run_shell_command = _with_password(run)  # type: ignore[method-assign]  # pyinfra has no other place
        # It would ask by itself, and then send the password as an argument.
        vars(ssh)["execute_command_with_sudo_retry"] = lambda _, __, execute: execute()


def password(host: Host) -> str | None:
    """Say what password sudo has taken on a host; none where it wants none."""
    return _taken.get(host.name)


def _with_password(run: Callable[..., tuple[bool, CommandOutput]]) -> Callable[..., Any]:
    @wraps(run)
    def run_with_password(
        connector: Any, command: StringCommand, *shows: Any, **arguments: Any
    ) -> tuple[bool, CommandOutput]:
        host, given = connector.host, arguments.pop("_sudo_password", None)
        if not arguments.get("_sudo"):
            return run(connector, command, *shows, **arguments)
        if host.name not in _taken:
            # As most need no password, the command itself is how that is found out.
            succeeded, output = run(connector, command, *shows, **arguments)
            if succeeded or not _asks(host, lambda *words, **more: run(connector, *words, **more), given):
                return succeeded, output
        secret = password(host)
        if secret is None:
            return run(connector, command, *shows, **arguments)
        control = {key: value for key, value in arguments.items() if key in _CONTROL or key in _SHOWS}
        sent = control.get("_stdin") or []
        control["_stdin"] = [secret, *([sent] if isinstance(sent, str) else sent)]
        return run(connector, written(command, arguments), *shows, **control)

    return run_with_password


def written(command: StringCommand, arguments: Mapping[str, Any], *, is_seen: bool = False) -> StringCommand:
    """Write a command that reads the password first, in a line of its own, and then runs by sudo.

    Args:
        command: what is to be run.
        arguments: pyinfra's own, which say as whom and how.
        is_seen: whether a terminal would show what is sent; it then says `READS` first.

    """
    own = {key: value for key, value in arguments.items() if key not in _OWN | _CONTROL | _SHOWS}
    words: list[str | StringCommand | QuoteString] = [f"{_UNSEEN if is_seen else _READ}; {_SUDO}"]
    if arguments.get("_use_sudo_login"):
        words.append("-i")
    if arguments.get("_preserve_sudo_env"):
        words.append("-E")
    if arguments.get("_sudo_user"):
        words += ["-u", QuoteString(arguments["_sudo_user"])]
    return StringCommand(*words, make_unix_command(command, **own))


def _asks(host: Host, run: Callable[..., tuple[bool, CommandOutput]], given: Any) -> bool:
    """Find out, now that a command has failed, whether sudo wants a password; it then is known."""
    with _turn:
        if host.name not in _taken:
            _, output = run(StringCommand("LC_ALL=C sudo -k -n sh -c true"))
            wants = any(line.strip() in SUDO_PASSWORD_REQUIRED_LINES for line in output.output_lines)
            _taken[host.name] = _found(host, run, given) if wants else None
    return _taken[host.name] is not None


def _found(host: Host, run: Callable[..., tuple[bool, CommandOutput]], given: Any) -> str:
    """Get the password from the settings or whoever is there, and see that it is taken.

    Raises:
        Refusal: there is none, or it is not taken.

    """
    if given:
        if not isinstance(given, str) or "\n" in given:
            raise Refusal(f"{host.name}: _sudo_password: (value not shown): write text of one line")
        if not _is_right(host, run, given):
            raise Refusal(f"{host.name}: _sudo_password: (value not shown): is not what sudo takes there")
        return given
    if not sys.stdin.isatty():
        raise Refusal(f"{host.name}: sudo asks for a password, and here is no terminal to ask you: {REMEDY}")
    for _ in range(_TRIES):
        typed = _typed(host)
        if typed and _is_right(host, run, typed):
            return typed
        terminal.tell(f"{host.name}: that is not what sudo takes there", sys.stderr)
    raise Refusal(f"{host.name}: sudo took none of {_TRIES} passwords, nothing was changed")


def _typed(host: Host) -> str:
    terminal.show("")
    former = next((known for known in reversed(_taken.values()) if known), "")
    again = " (enter alone: the same)" if former else ""
    connector: Any = host.connector
    user = connector.client.get_transport().get_username()
    try:
        return getpass(f"{host.name}: password of {user} for sudo{again}: ") or former
    except EOFError:
        raise Refusal(f"{host.name}: no password was given, nothing was changed") from None


def _is_right(host: Host, run: Callable[..., tuple[bool, CommandOutput]], typed: str) -> bool:
    """Say whether sudo takes a password.

    Raises:
        Refusal: it takes it, or none, and does not let the user do anything all the same.

    """
    succeeded, output = run(StringCommand(f"LC_ALL=C {_TRY}"), _stdin=[typed])
    if not succeeded and not any("incorrect password" in line for line in output.output_lines):
        raise Refusal(f"{host.name}: {shown(' '.join(output.output_lines[-1:]) or 'sudo says nothing')}")
    return succeeded
