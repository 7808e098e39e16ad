"""What every run would wait for in vain: by pyinfra's own ways, most of a run that changes nothing."""

import gc
import sys
from functools import cache
from types import FrameType
from typing import NamedTuple

from pyinfra.api import arguments, connectors, facts, util

_OBJECTS = 50_000
"""How many more objects there are before those are looked for that only know each other.

Python would look each 700, and all that is imported stays: a run ends before much could be gained.
"""


def keep() -> None:
    """Have a run spend its time on what it is for, from now on."""
    # pyinfra has all modules that are imported after its own compiled anew by each run.
    sys.dont_write_bytecode = bool(sys.flags.dont_write_bytecode)
    gc.freeze()
    gc.set_threshold(_OBJECTS)
    # Of the lines that an operation was called by, it asks for file and number, and would read them all.
    vars(util).update(stack=_stack, getframeinfo=_place)
    # It asks four times what is installed here, and for each operation what the types of arguments are.
    known = cache(arguments.all_global_arguments)
    vars(arguments).update(all_global_arguments=known)
    vars(facts).update(all_global_arguments=known)
    vars(connectors).update(entry_points=cache(vars(connectors)["entry_points"]))


class _Place(NamedTuple):
    filename: str
    lineno: int


def _place(frame: FrameType) -> _Place:
    return _Place(frame.f_code.co_filename, frame.f_lineno)


def _stack() -> list[tuple[FrameType]]:
    """List the frames that whoever calls this is in, its own first."""
    frame: FrameType | None = sys._getframe(1)
    found = []
    while frame:
        found.append((frame,))
        frame = frame.f_back
    return found
