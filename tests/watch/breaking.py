"""Something on a server that is wrong for a while."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.house import House


@contextmanager
def broken(house: House, do: str, undo: str) -> Iterator[None]:
    house.server.run(do)
    try:
        yield
    finally:
        house.server.run(f"{undo}; rm -rf /run/gatehouse; systemctl reset-failed")
