"""A lab beside the checkout's own, whose CA the tests of this folder may start, stop and change."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.lab import CaOptions, Lab


@contextmanager
def lab_beside(state: Path, options: CaOptions) -> Iterator[Lab]:
    """Give a lab with a CA of these options, and take it down in the end."""
    lab = Lab(state)
    lab.start_ca(options)
    try:
        yield lab
    finally:
        lab.down()
