"""The last thing before the operator's terminal: whatever pyinfra prints, by whomever it was written."""

import logging
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any, TextIO

import click
from pyinfra import logger
from pyinfra.api.output import set_echo

from deploys.onhost.words import QUOTE, printable

_STYLE = r"\x1b\[(?:0|1|2|3[0-7]|9[0-7])m"
"""What pyinfra's own colours are made of."""
_KEPT = re.compile(rf"({_STYLE}|[\n\t])")
_PIECE = re.compile(rf"{_STYLE}|.", re.DOTALL)


def guard() -> None:
    """Have all that pyinfra, and what it connects by, logs and echoes from now on be harmless."""
    if not any(isinstance(known, _Guard) for known in logger.filters):
        logger.addFilter(_Guard())
        if logging.lastResort:  # by which Python shows what paramiko says of a server
            logging.lastResort.addFilter(_Guard())
        set_echo(_echo)


def tell(text: str, stream: TextIO | None = None) -> None:
    """Print what was asked for, on standard output unless another stream is given."""
    print(harmless(text), file=stream, flush=True)


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
    further = QUOTE if QUOTE in line else " " * len(QUOTE)
    row, width = "", 0
    for piece in _PIECE.findall(line):
        takes = _width(piece)
        if width + takes > columns:
            yield row
            row, width = further, len(further)
        row, width = row + piece, width + takes
    yield row


def _width(piece: str) -> int:
    """Count the columns of a character, or of a change of colours."""
    if len(piece) > 1:
        return 0
    return 2 if unicodedata.east_asian_width(piece) in "WF" else 1


def _columns() -> int | None:
    if not sys.stderr.isatty():
        return None
    # pyinfra puts four spaces before most lines.
    return max(shutil.get_terminal_size().columns - 4, 40)
