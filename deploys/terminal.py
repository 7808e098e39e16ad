"""The last thing before the operator's terminal: whatever pyinfra prints, by whomever it was written."""

import logging
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import click
from pyinfra import logger
from pyinfra.api.output import set_echo

from deploys.onhost.words import QUOTE, printable

_STYLE = r"\x1b\[(?:0|1|2|3[0-7]|9[0-7])m"
"""What pyinfra's own colours are made of."""
_KEPT = re.compile(rf"({_STYLE}|[\n\t])")
_PIECE = re.compile(rf"{_STYLE}|.", re.DOTALL)
_TAB = 8
"""Columns that a tab may take."""


def guard() -> None:
    """Have all that pyinfra, and what it connects by, logs and echoes from now on be harmless."""
    if not any(isinstance(known, _Guard) for known in logger.filters):
        logger.addFilter(_Guard())
        if logging.lastResort:  # by which Python shows what paramiko says of a server
            logging.lastResort.addFilter(_Guard())
        set_echo(_echo)


def tell(text: str, stream: TextIO | None = None) -> None:
    """Print what was asked for, on standard output unless another stream is given."""
    show("")
    print(harmless(text), file=stream, flush=True)


def show(words: str) -> None:
    """Show what is under way, until something is told or shown in its place; only on a terminal."""
    if not is_live() or words == _shown[-1]:
        return
    _shown[:] = [words]
    most = shutil.get_terminal_size().columns - 1
    sys.stderr.write(f"\r\x1b[K{fitting(harmless(words), most)}")
    sys.stderr.flush()


def is_live() -> bool:
    """Say whether there is a terminal on which one line can take another's place."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


_shown = [""]
"""What stands on the terminal's last line."""


def width() -> int | None:
    """Count the columns of the terminal that reads what is told; there may be none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


class _Guard(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg, record.args = harmless(record.getMessage(), _columns()), None
        return True


def _echo(message: object = None, **options: Any) -> None:
    click.echo(harmless(message, _columns()) if isinstance(message, str) else message, **options)


def harmless(text: str, columns: int | None = None) -> str:
    """Show what a terminal would obey, but for line breaks and pyinfra's own colours.

    Args:
        text: one or more lines.
        columns: how wide the terminal is: a longer line is folded here, as the terminal would have it go on
            where lines of ours begin.

    """
    kept = "".join(part if _KEPT.fullmatch(part) else printable(part) for part in _KEPT.split(text))
    if columns is None:
        return kept
    return "\n".join(row for line in kept.split("\n") for row in _fold(line, columns))


def fitting(line: str, columns: int) -> str:
    """Give as much of a line's beginning as a terminal shows in one row."""
    return next(_fold(line, columns))


def _fold(line: str, columns: int) -> Iterator[str]:
    """Fold a line; what follows begins with a quote's mark, or further to the right than lines of ours."""
    further = list(QUOTE if QUOTE in line else " " * len(QUOTE))
    row: list[str] = []
    for piece in _PIECE.findall(line):
        if sum(map(_width, row)) + _width(piece) > columns:
            end = _end_of_words(row, columns)
            yield "".join(row[:end]).rstrip(" ")
            row = further + row[end:]
        row.append(piece)
    yield "".join(row)


def _end_of_words(row: Sequence[str], columns: int) -> int:
    """Say how much of a row to keep: to its last space, where that leaves no large gap."""
    spaces = [place for place, piece in enumerate(row) if piece == " " and place > columns * 2 // 3]
    return spaces[-1] + 1 if spaces else len(row)


def _width(piece: str) -> int:
    """Count the columns that a character may take, or a change of colours."""
    if len(piece) > 1:
        return 0
    if piece == "\t":
        return _TAB
    # Half a flag is as wide as a whole one, wherever its other half is not beside it.
    is_flag_s = "\U0001f1e6" <= piece <= "\U0001f1ff"
    return 2 if is_flag_s or unicodedata.east_asian_width(piece) in "WF" else 1


def _columns() -> int | None:
    if not sys.stderr.isatty():
        return None
    # pyinfra puts four spaces before most lines.
    return max(shutil.get_terminal_size().columns - 4, 40)
