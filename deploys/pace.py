"""What every run would wait for in vain: by pyinfra's own ways, most of a run that changes nothing."""

import gc
import sys
from functools import cache, partial
from inspect import getframeinfo, stack

from pyinfra.api import connectors, util

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
    # It asks by which lines an operation was called, and would read the text of each of them, too.
    vars(util).update(stack=partial(stack, 0), getframeinfo=partial(getframeinfo, context=0))
    # It asks four times what is installed here.
    vars(connectors).update(entry_points=cache(vars(connectors)["entry_points"]))
