"""The inventory that is named: read, and seen to be one."""

import ast
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from traceback import walk_tb
from typing import Any

from pyinfra.api.connectors import get_all_connectors
from pyinfra.api.exceptions import NoGroupError, PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra_cli.exceptions import UnexpectedExternalError
from pyinfra_cli.inventory import make_inventory_from_files
from pyinfra_cli.util import exec_file

from deploys.command.mistakes import ignored, told
from deploys.command.naming import ROOT, from_clone
from deploys.command.usage import Wrong, meant

_RIGHT = 'write hosts = [("server.example.com", {"ssh_user": "root"})]'
_ONE = "write each by its name or address alone, as for ssh"

_STRANGE = re.compile(r"[^\w.:%+@-]")
_ADDRESS = re.compile(r"(ssh://)?(?:([\w.-]+)@)?([\w.-]+)(?::(\d{1,5}))?(/)?")
"""What other programs take for a host: `root@server.example.com`, or `server.example.com:2222`."""


def load(path: Path, data: Mapping[str, Any], more: Sequence[str] = ()) -> Inventory:
    """Read an inventory, and the group data.

    Args:
        path: of the inventory.
        data: what was said on the command line, over all else.
        more: further folders of group data.

    Raises:
        Wrong: a file cannot be executed, or what it says are no hosts.

    """
    try:
        said = exec_file(str(path), return_locals=True)
    except SystemExit as end:
        raise Wrong(_ended(end, path)) from None
    except (UnexpectedExternalError, SyntaxError, ValueError, OSError) as error:
        raise Wrong(told(error, path, ROOT)) from None
    problem = next(_problems(said, path), None)
    if problem:
        raise Wrong(problem)
    try:
        made: Inventory = make_inventory_from_files(str(path), dict(data), str(ROOT), [*more])
    except SystemExit as end:
        raise Wrong(_ended(end, path)) from None
    except (UnexpectedExternalError, SyntaxError, ValueError, OSError) as error:
        raise Wrong(told(error, _group_file(error, path), ROOT)) from None
    except PyinfraError as error:
        raise Wrong(f"{from_clone(path)}: {error}") from None
    if lost := [line for file in sorted((ROOT / "group_data").glob("*.py")) for line in ignored(file, ROOT)]:
        raise Wrong("\n".join(lost))
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
        raise Wrong(f"{option} {shlex.quote(word)}: matches no host of {path.stem}; {known}")
    return found


def _problems(said: Mapping[str, Any], path: Path) -> Iterator[str]:
    """Tell what pyinfra would take for other hosts than were meant, or leave out."""
    public = {key: value for key, value in said.items() if not key.startswith("_")}
    groups = {key: value for key, value in public.items() if isinstance(value, list | tuple)}
    for key, value in groups.items():
        hosts, data = (value[0], value[1:]) if isinstance(value, tuple) and value else (value, ())
        where = f"{from_clone(path)}:{_line_of(key, path)}"
        if isinstance(value, tuple) and isinstance(hosts, str):
            yield f"{where}: {key}: hosts stand in a list; {_RIGHT}"
        elif not isinstance(hosts, list) or (data and not isinstance(data[0], dict)):
            yield f"{where}: {key}: is no list of hosts; {_RIGHT}"
        else:
            yield from (
                f"{where}: {key}: {_named(one)} is no host; {_RIGHT}" for one in hosts if not _is_host(one)
            )
            yield from (f"{where}: {key}: {problem}" for one in hosts if (problem := _name_problem(one)))
    where = from_clone(path)
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


def _named(value: object) -> str:
    """Show what stands in a host's place, but none of its data, which may be secret."""
    if not isinstance(value, tuple):
        return repr(value)
    shown = ", ".join("{…}" if isinstance(part, dict) else repr(part) for part in value)
    return f"({shown},)" if len(value) == 1 else f"({shown})"


def _name_problem(host: object) -> str | None:
    """Say what a host's name has besides a name, where nothing else says how it is reached."""
    name, data = host if isinstance(host, tuple) else (host, {})
    if not isinstance(name, str) or not isinstance(data, dict) or "ssh_hostname" in data:
        return None
    connector = name.removeprefix("@").partition("/")[0]
    if name.startswith("@") and connector not in get_all_connectors():
        return f"{name!r}: there is no connector {connector!r}; {meant(connector, get_all_connectors())}"
    if bare := re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?", name):
        right = (bare[1], {"ssh_port": int(bare[2])}) if bare[2] else bare[1]
        return f"{name!r} is more than an address; did you mean {right!r}?"
    if not name.startswith("@") and not _ADDRESS.fullmatch(name) and (strange := _STRANGE.search(name)):
        return f"{name!r}: no server has {strange[0]!r} in its name; {_ONE}"
    found = _ADDRESS.fullmatch(name)
    if found is None or found[0] == found[3]:
        return None
    beside = {
        **({"ssh_user": found[2]} if found[2] else {}),
        **({"ssh_port": int(found[4])} if found[4] else {}),
    }
    return f"{name!r} is more than a name; did you mean ({found[3]!r}, {beside})?"


def _ended(end: SystemExit, path: Path) -> str:
    """Say why a file has ended all: in its own words, as the lab's inventory where it has no server."""
    if isinstance(end.code, str):
        return end.code.removeprefix("--> ")
    files = [Path(frame.f_code.co_filename) for frame, _ in walk_tb(end.__traceback__)]
    file = next((one for one in files if one.parent == ROOT / "group_data"), path)
    return f"{from_clone(file)}: ends all by sys.exit()"


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
    if not isinstance(error, UnicodeDecodeError | ValueError | SyntaxError):
        return path
    for file in sorted((ROOT / "group_data").glob("*.py")):
        try:
            ast.parse(file.read_text(encoding="utf-8"))
        except (ValueError, SyntaxError):  # of bytes that are no text, and of text that cannot be code
            return file
    return path
