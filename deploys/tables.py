"""Tables for people who read a terminal. Pure."""

from collections.abc import Iterator, Sequence

from deploys.folding import width as columns_of
from deploys.onhost.words import printable

_GAP = 2


def table(head: Sequence[str], rows: Sequence[Sequence[str]], width: int | None = None) -> Iterator[str]:
    """Lay out rows below a head, each column as wide as its widest cell.

    Args:
        head: what each column is called.
        rows: the cells.
        width: the characters that a line may have: columns beyond them go on in a line of their own, below
            the second one, for the head as for each row. A cell that alone has more is left whole, and
            folded by `terminal.tell`.

    """
    head, *rows = ([printable(cell) for cell in row] for row in (head, *rows))
    widths = [max(columns_of(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = list(_lines(widths, width))
    for row in (head, *rows):
        for number, columns in enumerate(lines):
            indent = " " * (widths[0] + _GAP if number else 0)
            cells = (row[column] + " " * (widths[column] - columns_of(row[column])) for column in columns)
            yield (indent + (" " * _GAP).join(cells)).rstrip()


def _lines(widths: Sequence[int], most: int | None) -> Iterator[list[int]]:
    """Say which columns share a line."""
    line: list[int] = []
    taken = 0
    for column, width in enumerate(widths):
        if most is not None and line and taken + _GAP + width > most:
            yield line
            line, taken = [], widths[0]
        taken += width + (_GAP if taken else 0)
        line.append(column)
    yield line
