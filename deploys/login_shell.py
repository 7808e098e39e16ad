"""Commands through whatever login shell a user of a server has, and whatever its files print.

sshd hands each command to that shell, which knows its own rules of quoting and reads its own files first. So
a command travels in words that mean the same to all of them, and what is said before it begins is nobody's.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from paramiko import SSHClient

from deploys.onhost.words import shown

BEGINS = "-- gatehouse begins --"
_NEVER = "-- gatehouse never began --"

_SPECIAL = str.maketrans({"\\": r"\0134", "'": r"\0047", "!": r"\0041", "\n": r"\0012"})
"""What fish, csh and their like take for something even between single quotes; as printf's %b writes it."""


def command_for_any(command: str, *, is_marked: bool = True) -> str:
    """Write a command so that any shell passes it on to `/bin/sh`.

    Args:
        command: as `/bin/sh` understands it.
        is_marked: whether what it says begins with a line of ours.

    """
    mark = f"echo {BEGINS}; echo {BEGINS} >&2; " if is_marked else ""
    return f"/bin/sh -c '{mark}eval \"$(printf %b \"$0\")\"' '{command.translate(_SPECIAL)}'"


def has_begun(line: str) -> bool:
    """Say whether a line is the one that ends what the login shell itself has said."""
    return line.rstrip().endswith(BEGINS)


def adapt(client: SSHClient) -> None:
    """Have a client send each command so, and read of the answer what is the command's own."""
    if isinstance(client.exec_command, _Executing):
        return
    client.exec_command = _Executing(client.exec_command)  # type: ignore[method-assign, assignment]


def refusal(lines: Iterable[str], user: str) -> str | None:
    """Say why a command was not even begun, if it was not.

    Args:
        lines: what was read of its answer.
        user: whose login shell it is.

    """
    said = [line.removeprefix(_NEVER).strip() for line in lines if line.startswith(_NEVER)]
    if not said:
        return None
    words = shown(" ".join(filter(None, said))) if any(said) else "it said nothing"
    return f"the login shell of {user} runs no command ({words}); give it another: chsh -s /bin/bash {user}"


class _Executing:
    """In the place of a client's `exec_command`."""

    def __init__(self, execute: Callable[..., Any]) -> None:
        self._execute = execute

    def __call__(self, command: str, **options: Any) -> tuple[Any, "_Own", "_Own"]:
        stdin, stdout, stderr = self._execute(command_for_any(command), **options)
        return stdin, _Own(stdout), _Own(stderr)


class _Own:
    """One of a command's streams, from where the command itself begins."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        lines, before = iter(self._stream), []
        for line in lines:
            if has_begun(line):
                # At a terminal, the two streams are one.
                yield from (line for line in lines if not has_begun(line))
                return
            before.append(line)
        yield f"{_NEVER} {' '.join(before)}"
