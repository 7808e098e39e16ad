"""What is printed, made harmless to a terminal, and folded where that would break a line."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TextIO

from deploys.onhost.words import QUOTE, printable

_STYLE = r"\x1b\[(?:0|1|2|3[0-7]|9[0-7])m"
"""What pyinfra's own colours are made of."""
_KEPT = re.compile(rf"({_STYLE}|[\n\t])")
_PIECE = re.compile(rf"{_STYLE}|.", re.DOTALL)
_TAB = 8
"""Columns that a tab may take."""
NARROWEST = 16
"""Columns of a terminal below which nothing is folded any further."""


def columns(stream: TextIO) -> int | None:
    """Count the columns of the terminal that reads a stream; there may be none."""
    if not stream.isatty():
        return None
    try:
        # Not that of standard output, which may go elsewhere, nor what a variable says.
        found = os.get_terminal_size(stream.fileno()).columns
    except OSError:
        found = 0
    return max(found or shutil.get_terminal_size().columns, NARROWEST)


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


def width(text: str) -> int:
    """Count the columns that a printable text most likely takes, as for cells below one another."""
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _fold(line: str, columns: int) -> Iterator[str]:
    """Fold a line; what follows begins with a quote's mark, or further to the right than lines of ours."""
    further = list(QUOTE if QUOTE in line else " " * len(QUOTE))
    row: list[str] = []
    for piece in _PIECE.findall(line):
        if sum(map(_most, row)) + _most(piece) > columns:
            end = _end_of_words(row, columns)
            yield "".join(row[:end]).rstrip(" ")
            row = further + row[end:]
        row.append(piece)
    yield "".join(row)


def _end_of_words(row: Sequence[str], columns: int) -> int:
    """Say how much of a row to keep: to its last space, where that leaves no large gap."""
    spaces = [place for place, piece in enumerate(row) if piece == " " and place > columns * 2 // 3]
    return spaces[-1] + 1 if spaces else len(row)


def _most(piece: str) -> int:
    """Count the columns that a character may take at most, or a change of colours."""
    if len(piece) > 1:
        return 0
    if piece == "\t":
        return _TAB
    # Half a flag is as wide as a whole one, wherever its other half is not beside it. What is ambiguous, like
    # Greek, is wide where somebody in East Asia has set it so (UAX 11).
    is_flag_s = "\U0001f1e6" <= piece <= "\U0001f1ff"
    return 2 if is_flag_s or unicodedata.east_asian_width(piece) in "WFA" else 1
