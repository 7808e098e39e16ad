"""What every run would wait for in vain: by pyinfra's own ways, most of a run that changes nothing."""

import gc
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import gevent
from pyinfra.api import arguments, connectors, facts, util

_ROOT = Path(__file__).parent.parent
_IMPORT = re.compile(r"^from (deploys[\w.]*) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)

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


def import_ahead(words: Iterable[str]) -> None:
    """Import what deploys will, while servers have yet to answer.

    What fails is left to the deploy, which imports it again.

    Args:
        words: paths from the clone; those that are no deploys of ours count for nothing.

    """
    entries = [path for path in map(_ROOT.joinpath, words) if path.parent == _ROOT / "deploys"]
    if entries:
        gevent.spawn(_import_in_pieces, entries)


def _import_in_pieces(entries: list[Path]) -> None:
    with suppress(Exception):
        for entry in entries:
            for module in _imports(entry):
                for name in (*_imports(_path(module)), module):
                    import_module(name)
                    gevent.sleep(0)  # for whatever has arrived by now


def _imports(file: Path) -> Iterator[str]:
    """List the modules of ours that a file imports; it is not executed, nor all of it understood."""
    for package, several, one in _IMPORT.findall(file.read_text(encoding="utf-8")):
        yield package
        for name in (several or one).split(","):
            module = f"{package}.{name.split()[0]}" if name.strip() else package
            if _path(module).exists():
                yield module


def _path(module: str) -> Path:
    path = _ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
