"""The inventory that is named: read, and seen to be one."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pyinfra.api.exceptions import NoGroupError, PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra_cli.exceptions import UnexpectedExternalError
from pyinfra_cli.inventory import make_inventory_from_files
from pyinfra_cli.util import exec_file

from deploys.command.mistakes import told
from deploys.command.naming import ROOT
from deploys.command.usage import Wrong, meant

_RIGHT = 'write hosts = [("server.example.com", {"ssh_user": "root"})]'


def load(path: Path, data: Mapping[str, Any]) -> Inventory:
    """Read an inventory, and the group data.

    Args:
        path: of the inventory.
        data: what was said on the command line, over all else.

    Raises:
        Wrong: a file cannot be executed, or what it says are no hosts.

    """
    try:
        said = exec_file(str(path), return_locals=True)
    except SystemExit as end:  # as the lab's own ends, where it has no server
        raise Wrong(str(end.code).removeprefix("--> ")) from None
    except (UnexpectedExternalError, SyntaxError, ValueError, OSError) as error:
        raise Wrong(told(error, path, ROOT)) from None
    problem = next(_problems(said, path), None)
    if problem:
        raise Wrong(problem)
    try:
        made: Inventory = make_inventory_from_files(str(path), dict(data), cwd=str(ROOT))
    except (UnexpectedExternalError, SyntaxError, ValueError, OSError) as error:
        raise Wrong(told(error, _group_file(error, path), ROOT)) from None
    except PyinfraError as error:
        raise Wrong(f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}: {error}") from None
    return made


def chosen(inventory: Inventory, path: Path, limit: Iterable[str], exclude: Iterable[str]) -> list[Host]:
    """Pick the hosts that a run is for.

    Raises:
        Wrong: a word matches no host, or none is left.

    """
    limit, exclude = list(limit), list(exclude)
    picked = [host for word in limit for host in _matching(inventory, path, "--limit", word)]
    left_out = [host for word in exclude for host in _matching(inventory, path, "--exclude", word)]
    hosts = [host for host in inventory if host not in left_out and (not limit or host in picked)]
    if not hosts:
        raise Wrong(f"--exclude: leaves no host of {path.stem}")
    return hosts


def _matching(inventory: Inventory, path: Path, option: str, word: str) -> Sequence[Host]:
    try:
        found: list[Host] = list(inventory.get_group(word))
    except NoGroupError:
        found = [host for host in inventory if fnmatchcase(host.name, word)]
    if not found:
        known = meant(word, [host.name for host in inventory])
        raise Wrong(f"{option} {word}: matches no host of {path.stem}; {known}")
    return found


def _problems(said: Mapping[str, Any], path: Path) -> Iterator[str]:
    """Tell what pyinfra would take for other hosts than were meant, or leave out."""
    public = {key: value for key, value in said.items() if not key.startswith("_")}
    groups = {key: value for key, value in public.items() if isinstance(value, list | tuple)}
    for key, value in groups.items():
        hosts, data = (value[0], value[1:]) if isinstance(value, tuple) and value else (value, ())
        where = f"{path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}:{_line_of(key, path)}"
        if isinstance(value, tuple) and isinstance(hosts, str):
            yield f"{where}: {key}: hosts stand in a list; {_RIGHT}"
        elif not isinstance(hosts, list) or (data and not isinstance(data[0], dict)):
            yield f"{where}: {key}: is no list of hosts; {_RIGHT}"
        else:
            yield from (f"{where}: {key}: {one!r} is no host; {_RIGHT}" for one in hosts if not _is_host(one))
    where = str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
    if not groups:
        others = [key for key, value in public.items() if isinstance(value, str | dict | set)]
        what = f"{others[0]}: is no list of hosts" if others else "has no list of hosts"
        yield f"{where}: {what}; {_RIGHT}"
    elif not any(value[0] if isinstance(value, tuple) else value for value in groups.values()):
        yield f"{where}: names no host; {_RIGHT}"


def _is_host(value: object) -> bool:
    if isinstance(value, tuple):
        return len(value) == 2 and isinstance(value[0], str) and bool(value[0]) and isinstance(value[1], dict)
    return isinstance(value, str) and bool(value)


def _line_of(name: str, path: Path) -> int:
    """Find where a file gives a name its value."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            return node.lineno
    return 1


def _group_file(error: Exception, path: Path) -> Path:
    """Say which file raised an error, where pyinfra does not."""
    if isinstance(error, OSError) and error.filename:
        return Path(error.filename)
    if not isinstance(error, UnicodeDecodeError):
        return path
    for file in sorted((ROOT / "group_data").glob("*.py")):
        try:
            file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            return file
    return path
