"""Measurements, each a table: `make bench` takes them all, `python -m tests.bench NAME` takes one."""

from rich.table import Table


class MissedError(Exception):
    """A measurement that is not what is promised."""

    def __init__(self, table: Table, what: list[str]) -> None:
        super().__init__("\n".join(what))
        self.table = table
