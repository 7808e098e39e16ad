"""Commands through whatever login shell a user of a server has, and whatever its files print.

sshd hands each command to that shell, which knows its own rules of quoting and reads its own files first. So
a command travels in words that mean the same to all of them, and what is said before it begins is nobody's.
"""

from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Any

from paramiko import SSHClient

from deploys.onhost.words import shown

BEGINS = "-- gatehouse begins --"

_SPECIAL = {"\\": r"\0134", "'": r"\0047", "!": r"\0041", "\n": r"\0012"}
"""What fish, csh and their like take for something even between single quotes; as printf's %b writes it: the
backslash, which all of that begins with, first."""


def command_for_any(command: str, *, is_marked: bool = True) -> str:
    """Write a command so that any shell passes it on to `/bin/sh`.

    Args:
        command: as `/bin/sh` understands it.
        is_marked: whether what it says begins with a line of ours.

    """
    mark = f"echo {BEGINS}; echo {BEGINS} >&2; " if is_marked else ""
    for special, written in _SPECIAL.items():
        command = command.replace(special, written)
    return f"/bin/sh -c '{mark}eval \"$(printf %b \"$0\")\"' '{command}'"


def has_begun(line: str) -> bool:
    """Say whether a line is the one that ends what the login shell itself has said."""
    return line.rstrip().endswith(BEGINS)


def adapt(client: SSHClient) -> None:
    """Have a client send each command so, and read of the answer what is the command's own."""
    if isinstance(client.exec_command, _Executing):
        return
    client.exec_command = _Executing(client.exec_command)  # type: ignore[method-assign, assignment]  # paramiko has no other place


def refusal(user: str) -> str | None:
    """Say why the command that was sent last, and read, was not even begun, if it was not.

    Args:
        user: whose login shell it is.

    """
    streams = _SENT.get()
    if not streams or streams[0].has_begun:
        return None
    said = " ".join(line.strip() for stream in streams for line in stream.before if line.strip())
    words = shown(said) if said else "it said nothing"
    return f"the login shell of {user} runs no command ({words}); give it another: chsh -s /bin/bash {user}"


class _Executing:
    """In the place of a client's `exec_command`."""

    def __init__(self, execute: Callable[..., Any]) -> None:
        self._execute = execute

    def __call__(self, command: str, **options: Any) -> tuple[Any, "_Own", "_Own"]:
        stdin, stdout, stderr = self._execute(command_for_any(command), **options)
        # At a terminal, the two streams are one.
        marks = (2, 0) if options.get("get_pty") else (1, 1)
        streams = _Own(stdout, marks[0]), _Own(stderr, marks[1])
        _SENT.set(streams)
        return stdin, *streams


class _Own:
    """One of a command's streams, from where the command itself begins."""

    def __init__(self, stream: Any, marks: int) -> None:
        self._stream, self._marks = stream, marks
        self.has_begun = False
        self.before: list[str] = []
        """The lines of the login shell itself, which are no command's output."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        lines = iter(self._stream)
        for _ in range(self._marks):
            for line in lines:
                if has_begun(line):
                    break
                self.before.append(line)
            else:
                return
        self.has_begun = True
        yield from lines


_SENT: ContextVar[tuple[_Own, _Own] | None] = ContextVar("streams of the command sent last", default=None)
"""Each greenlet's own: several send commands to a host."""
