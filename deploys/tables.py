"""Tables for people who read a terminal. Pure."""

from collections.abc import Iterator, Sequence

from deploys.onhost.words import printable


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out rows below a head, each column as wide as its widest cell."""
    head, *rows = ([printable(cell) for cell in row] for row in (head, *rows))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
