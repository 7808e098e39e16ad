"""What a part of the measurements has found so far."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.table import Table

AS_PROMISED = "as promised"


class Row(NamedTuple):
    """A line of a table."""

    cells: tuple[str, ...]
    verdict: str


class Report:
    """The rows of a part, and what of them is not as promised; what is under way is told as it goes on.

    Args:
        part: its name.
        say: what prints a line.

    """

    def __init__(self, part: str, say: Callable[[str], None]) -> None:
        self.part, self._say = part, say
        self.missed: list[str] = []
        self.over = threading.Event()
        """Set when somebody has ended the part: what is under way then is its last."""
        self._title = part
        self._words: tuple[str, ...] = ()
        self._numbers: tuple[str, ...] = ()
        self._rows: list[Row] = []
        self._start = time.monotonic()

    def begin(self, title: str, words: Sequence[str], numbers: Sequence[str]) -> None:
        """Say what is measured, and name the columns of words and the columns of numbers after them."""
        self._title, self._words, self._numbers = title, tuple(words), tuple(numbers)

    def tell(self, what: str) -> None:
        """Say what is under way."""
        minutes, seconds = divmod(round(time.monotonic() - self._start), 60)
        self._say(f"{minutes:3}:{seconds:02} {self.part}: {what}")

    def add(self, *cells: str, missed: Sequence[str] | None) -> None:
        """Add a row, and what is not as promised of it; None where nothing is promised."""
        verdict = "" if missed is None else "; ".join(missed) or "yes"
        self._rows.append(Row(cells, verdict))
        what = ", ".join(cells[: len(self._words)])
        self.missed += [f"{self.part}: {what}: {one}" for one in missed or ()]
        told = [f"{name} {cell}" for name, cell in zip(self._numbers, cells[len(self._words) :], strict=True)]
        self.tell(f"{what}: {', '.join([*told, *(missed or ())])}")

    def miss(self, what: str) -> None:
        """Have something count as not as promised of which there is no row."""
        self.missed.append(f"{self.part}: {what}")
        self.tell(what)

    @property
    def rows(self) -> list[Row]:
        """Give the rows so far, those that begin alike together, as they were first there."""
        first = [row.cells[0] for row in self._rows]
        return sorted(self._rows, key=lambda row: first.index(row.cells[0]))

    def table(self) -> Table:
        """Draw what there is so far."""
        table = Table(title=self._title, title_justify="left")
        for column in self._words:
            table.add_column(column)
        for column in self._numbers:
            table.add_column(column, justify="right")
        table.add_column(AS_PROMISED)
        for row in self.rows:
            table.add_row(*row.cells, row.verdict, style="red" if row.verdict not in {"", "yes"} else None)
        return table
