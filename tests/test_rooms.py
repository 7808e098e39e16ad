"""Who may import whom: each folder is a room, and knows those below it that are named here."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from deploys.command.verbs import VERBS, Verb

ROOT = Path(__file__).parent.parent
GROUND = {"config", "onhost", "places"}
"""The settings, the toolbox of what runs on the host, and where things are there."""

TOOLS = {
    *(
        "connection",
        "connectors",
        "sudo",
        "env_file",
        "exit_codes",
        "folding",
        "given",
        "invocation",
        "login_shell",
        "looks",
        "once",
        "pace",
        "pins",
        "refusal",
        "remote",
        "render",
        "secrets",
    ),
    *("saying", "session", "stopping", "tables", "terminal"),
}
"""Modules beside the rooms, which know nothing of what gatehouse does."""

ROOMS: dict[str, set[str]] = {
    "config": set(),
    "onhost": set(),
    "places": set(),
    "routing": set(),
    "base": set(),
    "reports": set(),
    "firewall": {"base"},
    "proxies": {"base", "firewall", "reports", "routing"},
    "watch": {"base"},
    "certificates": {"base", "routing", "watch"},
    "apps": {"base", "firewall", "routing"},
    "verification": {"base", "certificates", "routing"},
    "advice": {"routing", "verification", "load"},
    "overview": {"apps", "certificates", "proxies", "routing", "verification"},
    "ending": {"routing", "verification"},
    "load": set(),
    "command": {"ending", "load", "overview"},
}
"""Each room, and the other rooms that it knows besides the ground floor and the tools."""

ON_GROUND_ALONE = {"config", "onhost", "places", "routing"}
"""They know no tools either: what is worked out there is worked out from the settings alone."""

WITHOUT_RIGHTS = {"advise"}
"""Deploys that look only at what each user of a server may see."""

ENTRIES = {path.stem for path in (ROOT / "deploys").glob("*.py")} - {*ROOMS, *TOOLS, "__init__"}


@cache
def imported() -> list[tuple[str, str, str]]:
    """List each import of one room by another: the file, its room, and the other one."""
    return [*_imported()]


def _imported() -> Iterator[tuple[str, str, str]]:
    for path in sorted((ROOT / "deploys").rglob("*.py")):
        room = path.relative_to(ROOT / "deploys").parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                top, _, rest = name.partition(".")
                if top == "deploys" and rest.partition(".")[0] != room:
                    yield str(path.relative_to(ROOT)), room, rest.partition(".")[0]


@pytest.mark.parametrize("room", [*ROOMS, "a tool", "an entry"])
def test_a_room_knows_those_that_it_may(room: str) -> None:
    for path, importer, other in imported():
        kind = "a tool" if importer in TOOLS else "an entry" if importer in ENTRIES else importer
        if kind != room:
            continue
        tools = set() if room in ON_GROUND_ALONE else TOOLS
        known = {"a tool": set(), "an entry": {*ROOMS}}.get(kind, ROOMS.get(kind, set()))
        allowed = GROUND | tools | known
        assert other in allowed, f"{path} imports deploys.{other}, which {room} is not to know"


def test_places_and_settings_know_nobody() -> None:
    known = {(importer, other) for _, importer, other in imported()}
    assert [pair for pair in known if pair[0] in {"config", "places"}] == []
    assert {other for importer, other in known if importer == "routing"} == {"config", "places"}


def test_no_room_is_above_itself() -> None:
    left = dict(ROOMS)
    while left:
        lowest = [room for room, known in left.items() if not known & left.keys()]
        assert lowest, f"these know one another in a circle: {', '.join(left)}"
        for room in lowest:
            del left[room]


def test_what_may_be_known_is_known() -> None:
    known = {(importer, other) for _, importer, other in imported()}
    idle = [(room, other) for room, others in ROOMS.items() for other in others if (room, other) not in known]
    assert idle == [], "strike these out of the table"


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_a_deploy_sees_first_that_it_has_root_s_rights(verb: Verb) -> None:
    tree = ast.parse((ROOT / verb.entry).read_text())
    calls = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    sees = {"as_root", "machine"} & {*calls}
    assert bool(sees) != (verb.name in WITHOUT_RIGHTS), f"expected {verb.entry} to begin with as_root()"
