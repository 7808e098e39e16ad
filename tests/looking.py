"""A deploy that looks at a file of this machine's before and after it is changed, and tells what it saw."""

from collections.abc import Generator

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import connection, looks, remote
from deploys.base import files, machine, packages

PATH = str(host.data.path)
AT = files.look([PATH])


def tell() -> bool:
    """Tell whether the file is there, and how many commands it has taken so far to know."""
    is_there = bool(looks.at(AT)["files"][PATH])
    phase = "run" if state.is_executing else "plan"
    logger.info("%s: %s after %s", phase, "there" if is_there else "missing", connection.sent(host))
    return is_there


@operation()
def look() -> Generator[str, None, None]:
    """Change nothing."""
    tell()
    host.noop("nothing to do")
    yield from ()


@operation()
def make() -> Generator[StringCommand, None, None]:
    """Have the file be there."""
    if tell():
        host.noop("it is there")
        return
    yield remote.program("/usr/bin/touch", PATH)
    tell()


@operation()
def look_elsewhere() -> Generator[str, None, None]:
    """Look at something else, and tell whether all the rest was looked at with it."""
    had_all = looks.is_seen(machine.LOOK)
    looks.at(packages.LOOK)
    phase = "run" if state.is_executing else "plan"
    seen = "known" if had_all else "together" if looks.is_seen(machine.LOOK) else "alone"
    logger.info("%s: %s after %s", phase, seen, connection.sent(host))
    host.noop("nothing to do")
    yield from ()


connection.watch(host)
looks.together(machine.LOOK, packages.LOOK, AT)
assert any(line.startswith("distribution ") for line in looks.at(machine.LOOK))
assert "dpkg" in looks.at(packages.LOOK)
look(name="Look")
make(name="Make")
look(name="Look again")
look_elsewhere(name="Look elsewhere")
