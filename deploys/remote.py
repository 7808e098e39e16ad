"""Python that runs on the host: a module of the standard library's means alone, sent as source.

Such a module lives in an `onhost` folder and has `main(argument)`, which takes and returns plain data, and
ends a refusal with `sys.exit("one clear line")`. So it is typed and tested here like any other, and needs
nothing on the host but `/usr/bin/python3`. What it imports of `deploys` must be such a module as well, and
travels with it.
"""

import base64
import inspect
import json
import zlib
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from types import ModuleType
from typing import Any, ClassVar, Generic, TypeVar, cast

from pyinfra.api.command import QuoteString, StringCommand
from pyinfra.api.facts import FactBase

from deploys.onhost.run import ENVIRONMENT

Found = TypeVar("Found")

_CLEAN: tuple[str | QuoteString, ...] = (
    "/usr/bin/env",
    "-i",
    *(QuoteString(f"{name}={value}") for name, value in ENVIRONMENT.items()),
)
"""What a root command begins with: a session brings the server's own language, and whatever else it likes."""

_IN_A_LINE = """
import sys
def _told(kind, error, trace):
    while trace.tb_next:
        trace = trace.tb_next
    words = (str(error).splitlines() or [""])[0]
    place = f"{trace.tb_frame.f_code.co_name}, line {trace.tb_lineno}"
    said = f"a mistake of gatehouse's own: {kind.__name__}: {words} ({place}); please report it"
    sys.stderr.write(said + "\\n")
sys.excepthook = _told
"""
"""What becomes of an exception that nobody foresaw: whoever reads the run gets a line, as of all else."""

_IMPORTS = """
import json, sys, types
def _module(name, source):
    parent, _, child = name.rpartition(".")
    if name not in sys.modules:
        sys.modules[name] = types.ModuleType(name)
        if parent:
            setattr(_module(parent, ""), child, sys.modules[name])
    exec(source, sys.modules[name].__dict__)
    return sys.modules[name]
"""

_RUN = """
if __name__ == "__main__":
    import errno, json, os, sys
    # root's own may be stricter, and apps and the proxy have to get through the directories made here.
    os.umask(0o022)
    try:
        found = main(json.loads(sys.argv[1] if len(sys.argv) > 1 else sys.stdin.read()))
        if found is not None:  # what only does something has nothing to say
            json.dump(found, sys.stdout)
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        sys.exit(f"the disk is full: make room, and run it again ({error})" if is_full else str(error))
"""


_LOOK = """
import os, threading
from concurrent.futures import ThreadPoolExecutor
os.umask(0o022)
_loading, _loaded = threading.Lock(), set()
def _seen(names, argument):
    with _loading:
        for name in names:
            if name not in _loaded:
                _module(name, _SOURCES[name])
                _loaded.add(name)
    return [sys.modules[names[-1]].main(argument)]
def _outcome(look):
    try:
        return _seen(*look)
    except BaseException as error:
        if len(_LOOKS) > 1:
            return None  # it holds up none of the others
        if isinstance(error, OSError):
            sys.exit(str(error))
        raise
if len(_LOOKS) > 1:
    # Most of their time they wait for other programs.
    with ThreadPoolExecutor(len(_LOOKS)) as pool:
        _found = [*pool.map(_outcome, _LOOKS)]
else:
    _found = [_outcome(look) for look in _LOOKS]
sys.stdout.buffer.write(sys.stdin.buffer.read())
json.dump(_found, sys.stdout)
"""

_WHERE_PYTHON_IS = """(
{0}
) | if command -v {1} > /dev/null 2>&1; then exec /usr/bin/python3 -I -c "$1"; else cat; echo null; fi
"""
"""Scripts and looks are at work at once, and what the scripts say comes first."""
_WHOLE = "pydoc3"
"""Debian's python3-minimal lacks half the standard library; this comes with all of it."""
_APART = "---"
"""The line after what each script wrote."""


def run(module: ModuleType, argument: object) -> StringCommand:
    """Make the command that calls the module's `main` on the host.

    The argument travels on standard input, so that neither output nor process lists show it.
    """
    return StringCommand(*python(module), _stdin=json.dumps(argument))


def program(path: str, *arguments: str) -> StringCommand:
    """Make the command that runs a program by its absolute path and in an environment of ours."""
    return StringCommand(*_CLEAN, path, *map(QuoteString, arguments))


def script(text: str, *arguments: str) -> StringCommand:
    """Make the command that runs a script of the shell's in such an environment, with its arguments."""
    return program("/bin/sh", "-c", text, "sh", *arguments)


def refuse(message: str) -> StringCommand:
    """Make the command that fails on the host with a message, for what is only known as the run goes on."""
    return StringCommand("echo", QuoteString(message), ">&2;", "false")


class Probe(FactBase[Found], Generic[Found]):
    """A fact that a module gathers on the host; nothing is found before Python is there, whole."""

    abstract = True
    module: ClassVar[ModuleType]

    def requires_command(self, argument: object) -> str:
        return _WHOLE

    def command(self, argument: object) -> StringCommand:
        return StringCommand(*python(self.module), QuoteString(json.dumps(argument)))

    def process(self, output: list[str]) -> Found:
        return self.found(json.loads("\n".join(output)))

    def found(self, data: Any) -> Found:
        """Turn what `main` returned into the fact's own type."""
        return cast("Found", data)


def look(scripts: Sequence[str], modules: Sequence[tuple[ModuleType, object]]) -> StringCommand:
    """Make the command that runs scripts of the shell's, and then calls the `main` of each module.

    Args:
        scripts: what needs no Python.
        modules: each with its argument; of several, one that fails holds up none of the others.

    """
    found = [dict(sources(module)) for module, _ in modules]
    looks = [([*names], argument) for names, (_, argument) in zip(found, modules, strict=True)]
    every = {name: source for names in found for name, source in names.items()}
    what = f"_LOOKS = json.loads({json.dumps(looks)!r})"
    program = "\n".join([_packed(_IN_A_LINE, _IMPORTS, f"_SOURCES = {every!r}"), _packed(what, _LOOK)])
    parts = [f"({text}\n)\necho {_APART}" for text in scripts]
    return script(_WHERE_PYTHON_IS.format("\n".join([*parts, ":"]), _WHOLE), program)


def seen(output: Sequence[str]) -> tuple[list[list[str]], list[list[Any] | None] | None]:
    """Read what `look` had the host say.

    Returns:
        The lines of each script; and of each module a list with what it found, or None where it failed,
        or None for all of them where Python is not there, whole.

    """
    said: list[list[str]] = [[]]
    for line in output:
        if line == _APART:
            said.append([])
        else:
            said[-1].append(line)
    return said[:-1], json.loads("\n".join(said[-1]))


@cache
def sources(module: ModuleType) -> tuple[tuple[str, str], ...]:
    """Give the names and sources of the module and of those of ours that it imports, the deepest first."""
    every = dict.fromkeys((*_imports(module), module))
    return tuple((each.__name__, inspect.getsource(each)) for each in every)


def python(module: ModuleType) -> tuple[str | QuoteString, ...]:
    """Give the words of the command that calls the module's `main`, but for its argument."""
    return *_CLEAN, "/usr/bin/python3", "-I", "-c", QuoteString(_packed(_IN_A_LINE, *_sources(module), _RUN))


@lru_cache(maxsize=32)  # the same for many hosts
def _packed(*parts: str) -> str:
    """Make a program small: a far host pays for each ten kilobytes with a round trip."""
    packed = base64.b85encode(zlib.compress("\n".join(parts).encode(), 9)).decode()
    return f"import base64, zlib; exec(zlib.decompress(base64.b85decode('{packed}')))"


def _sources(module: ModuleType) -> list[str]:
    *imported, (_, own) = sources(module)
    modules = [f"_module({name!r}, {source!r})" for name, source in imported]
    return [*([_IMPORTS, *modules] if modules else []), own]


def _imports(module: ModuleType) -> Iterator[ModuleType]:
    """Give our modules that the module imports, the deepest first."""
    for imported in vars(module).values():
        if inspect.ismodule(imported) and imported.__name__.startswith("deploys."):
            yield from _imports(imported)
            yield imported
