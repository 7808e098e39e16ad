"""A command at a terminal, as whoever sits there sees it."""

import codecs
import os
import pty
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

ROWS = 40
_KEPT = 2_000
"""Lines, of a terminal that scrolls."""


@dataclass(frozen=True)
class Recording:
    """What a terminal got, and how the command ended.

    Args:
        code: the exit code.
        columns: the terminal's width.
        events: what came, each with the seconds since the beginning.

    """

    code: int
    columns: int
    events: tuple[tuple[float, str], ...]

    @property
    def said(self) -> str:
        """All that the terminal got, control sequences included."""
        return "".join(words for _, words in self.events)

    def screen(self) -> pyte.Screen:
        """Show what is to be read in the end, scrolled back to the beginning."""
        screen = pyte.Screen(self.columns, _KEPT)
        pyte.Stream(screen).feed(self.said)
        return screen

    @property
    def lines(self) -> list[str]:
        """What is to be read in the end."""
        return "\n".join(line.rstrip() for line in self.screen().display).rstrip().splitlines()


def record(
    command: Sequence[str],
    *,
    columns: int = 120,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    meanwhile: Mapping[str, str | Callable[[], object]] | None = None,
) -> Recording:
    """Run a command at a terminal of its own, which sends it signals for Ctrl-C and the like.

    Args:
        command: the program and its arguments.
        columns: the terminal's width.
        cwd: the directory to run it in.
        environment: variables besides those of the tests.
        meanwhile: by words that come, what is typed or done then.

    """
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (ROWS, columns))
    left = dict(meanwhile or {})
    process = subprocess.Popen(
        ["setsid", "--ctty", *command],
        cwd=cwd,
        env={**os.environ, "TERM": "xterm-256color", **(environment or {})},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    began, events, said = time.monotonic(), [], b""
    try:
        while block := _read(ours):
            said += block
            events.append((time.monotonic() - began, block))
            for words in [words for words in left if words.encode() in said]:
                reaction = left.pop(words)
                if isinstance(reaction, str):
                    os.write(ours, reaction.encode())
                else:
                    reaction()
        code = process.wait()
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    return Recording(code, columns, tuple((seconds, decoder.decode(block)) for seconds, block in events))


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that nobody has the other end any more
        return b""
