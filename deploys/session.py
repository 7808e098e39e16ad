"""A command on a host at the operator's own terminal, or with its words fit for whatever else reads them."""

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, TextIO

import gevent
from paramiko import Channel
from pyinfra.api.command import StringCommand
from pyinfra.api.host import Host
from pyinfra.api.state import State
from pyinfra.connectors.util import CommandOutput, extract_control_arguments, make_unix_command_for_host

from deploys import login_shell, sudo, terminal
from deploys.onhost import words

_PIECE = 1 << 15


class Session(StringCommand):
    """A command whose words come and go as they are written, and whose exit code is the run's."""

    def execute(self, state: State, host: Host, connector_arguments: Any) -> tuple[bool, CommandOutput]:
        extract_control_arguments(connector_arguments)
        password = sudo.password(host) if connector_arguments.get("_sudo") else None
        if password is None:
            connector_arguments.pop("_sudo_password", None)
            command = make_unix_command_for_host(state, host, self, **connector_arguments)
        else:
            command = sudo.written(self, connector_arguments, is_seen=is_interactive())
        connector: Any = host.connector
        channel = connector.client.get_transport().open_session()
        with channel:
            if is_interactive():
                _at_terminal(channel, command.get_raw_value(), password)
            else:
                _quoted(channel, command.get_raw_value(), password)
            code = channel.recv_exit_status()
        if code:
            raise Ended(code)
        return True, CommandOutput([])


class Ended(SystemExit):
    """The command has ended with a code, which is the run's own."""


def is_interactive() -> bool:
    """Say whether somebody sits at a terminal, and reads it."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def _at_terminal(channel: Channel, command: str, password: str | None) -> None:
    """Have the command and the terminal talk to each other alone, byte by byte."""
    size = os.get_terminal_size()
    channel.get_pty(os.environ.get("TERM", "xterm"), size.columns, size.lines)
    channel.exec_command(login_shell.command_for_any(command, is_marked=False))
    if password is not None:
        _send_unseen(channel, password)
    with _raw(), _resized(channel):
        while not channel.closed:
            ready, _, _ = select.select([channel, sys.stdin], [], [])
            if channel in ready:
                said = channel.recv(_PIECE)
                if not said:
                    return
                os.write(sys.stdout.fileno(), said)
            if sys.stdin in ready:
                channel.sendall(os.read(sys.stdin.fileno(), _PIECE))


def _send_unseen(channel: Channel, password: str) -> None:
    """Send a password once the terminal on the server shows nothing of it, and show what was said before."""
    said, mark = b"", f"{sudo.READS}\r\n".encode()
    while mark not in said:
        piece = channel.recv(_PIECE)
        if not piece:
            break
        said += piece
    os.write(sys.stdout.fileno(), said.replace(mark, b"", 1))
    channel.sendall(f"{password}\n".encode())


@contextmanager
def _raw() -> Iterator[None]:
    before = termios.tcgetattr(sys.stdin)
    tty.setraw(sys.stdin)
    try:
        yield
    finally:
        # What the app has had the terminal answer is not for the operator's own shell.
        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, before)


@contextmanager
def _resized(channel: Channel) -> Iterator[None]:
    def tell(*_: object) -> None:
        size = os.get_terminal_size()
        channel.resize_pty(size.columns, size.lines)

    before = signal.signal(signal.SIGWINCH, tell)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)


def _quoted(channel: Channel, command: str, password: str | None) -> None:
    """Show each line as a stranger's, so that none acts as a terminal's or gatehouse's own."""
    channel.exec_command(login_shell.command_for_any(command))
    if password is not None:
        channel.sendall(f"{password}\n".encode())
    channel.shutdown_write()
    readers = [
        gevent.spawn(_pass_on, channel.makefile("rb"), sys.stdout),
        gevent.spawn(_pass_on, channel.makefile_stderr("rb"), sys.stderr),
    ]
    gevent.joinall(readers)


def _pass_on(said: BinaryIO, stream: TextIO) -> None:
    while (line := said.readline(_PIECE)) and not login_shell.has_begun(line.decode(errors="replace")):
        pass
    while line := said.readline(_PIECE):
        for part in words.lines(line) or [""]:
            terminal.tell(f"{words.QUOTE}{part}", stream)
