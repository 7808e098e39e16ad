"""A lab beside the checkout's own, whose CA the tests of this folder may start, stop and change."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.lab import CaOptions, Lab


@contextmanager
def lab_beside(name: str, options: CaOptions) -> Iterator[Lab]:
    """Give a lab with a CA of these options, and take it down in the end; workers have one each."""
    lab = Lab().beside("-".join((name, os.environ.get("PYTEST_XDIST_WORKER", "alone"))))
    lab.down()  # what a run that was killed has left
    lab.start_ca(options)
    try:
        yield lab
    finally:
        lab.down()
