"""The walls around apps, as a host is to have them."""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import invocation, remote
from deploys.base.files import File, plain, show
from deploys.firewall.onhost import load as load_onhost
from deploys.firewall.wall import LOADER, Wall
from deploys.places.apps import AppPlaces
from deploys.places.firewall import FOLDER, flushing_of, rules_of


@dataclass(frozen=True)
class Found:
    """What a host has of them."""

    files: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the files, by path."""
    apps: Mapping[str, Any] = field(default_factory=dict)
    """Of each app with rules: its ports, and whether the rules are in force and will be after a boot."""
    users: Mapping[str, int | None] = field(default_factory=dict)
    """The numbers of users."""
    former: Mapping[str, Any] = field(default_factory=lambda: {"there": False, "apps": {}})
    """What there is of the one table that all apps had."""
    present: Collection[str] = ()
    """The apps that are there, in the settings or not."""


NOTHING: Mapping[str, Any] = {"files": {}, "apps": {}, "users": {}, "former": {"there": False, "apps": {}}}
"""What a host tells that was never provisioned."""


def question(walls: Sequence[Wall], *, contents: bool) -> dict[str, Any]:
    """Say what to look at on the host, and whether to tell what is in the files."""
    apps = [wall.app for wall in walls]
    paths = [LOADER.path, *map(rules_of, apps), *map(flushing_of, apps)]
    return {
        "look": paths,
        "contents": paths if contents else [],
        "folder": FOLDER,
        "users": sorted({user for wall in walls for user in wall.users}),
    }


@dataclass(frozen=True)
class Change:
    """What is to be done on a host."""

    walls: Sequence[Wall]
    """Those to load, and to write down."""
    again: Sequence[str]
    """The apps no longer in the settings whose rules are to be loaded as they are written down."""
    gone: Sequence[str]
    """The apps whose rules are to go."""
    former: bool
    """Whether the one table that all apps had is to go."""
    files: Sequence[File]
    """Those that differ."""

    def __bool__(self) -> bool:
        return bool(self.walls or self.again or self.gone or self.former or self.files)


def change(walls: Sequence[Wall], found: Found) -> Change:
    """Compare what is wanted with what was found."""
    kept, gone = _unwanted(walls, found)
    everybody = [*walls, *kept]
    loaded = [wall for wall in everybody if not _is_in_force(wall, found)]
    files = [LOADER, *(file for wall in loaded for file in wall.files(found.users))]
    changed = [file for file in files if not file.is_as(found.files.get(file.path))]
    again = [app for app, has in found.apps.items() if not _is_loaded(has)]
    wanted = {wall.app for wall in everybody} | {*gone}
    return Change(loaded, sorted({*again} - wanted), gone, bool(found.former["there"]), changed)


@operation()
def close_off(walls: Sequence[Wall], look: Callable[[], Found]) -> Generator[StringCommand, None, None]:
    """Have the kernel refuse what an app may not reach, and who may not connect to it.

    Args:
        walls: of all apps of the settings; their users must be there.
        look: gives what the host has.

    """
    found = look()
    wanted = change(walls, found)
    if not wanted:
        host.noop("apps are closed off")
        return
    if state.config.DIFF:
        for file in wanted.files:
            show(file, found.files.get(file.path))
    yield remote.run(
        load_onhost,
        {
            "shared": [plain(LOADER)],
            "walls": [_plain(wall, found.users) for wall in wanted.walls],
            "again": list(wanted.again),
            "remedy": f"{invocation.line('forget')} removes the app",
            "gone": list(wanted.gone),
            "former": wanted.former,
        },
    )


def _is_in_force(wall: Wall, found: Found) -> bool:
    files = wall.files(found.users)
    is_as_wanted = all(file.is_as(found.files.get(file.path)) for file in files)
    return is_as_wanted and wall.app in found.apps and _is_loaded(found.apps[wall.app])


def _is_loaded(has: Mapping[str, Any]) -> bool:
    return bool(has["in_force"] and has["enabled"])


def _unwanted(walls: Sequence[Wall], found: Found) -> tuple[list[Wall], list[str]]:
    """Tell the apps of the former table that still need a wall from those whose wall must go.

    An app that is no longer in the settings keeps its wall until it is removed, unless another has got
    its ports.
    """
    names, ports = {wall.app for wall in walls}, {port for wall in walls for port in wall.ports}
    before = [Wall(AppPlaces(app, port)) for app, port in found.former["apps"].items()]
    others = [wall for wall in before if wall.app in {*found.present} - names - found.apps.keys()]
    gone = [
        app
        for app, has in found.apps.items()
        if app not in names and (app not in found.present or ports.intersection(has["ports"]))
    ]
    return [wall for wall in others if ports.isdisjoint(wall.ports)], gone


def _plain(wall: Wall, numbers: Mapping[str, int | None]) -> dict[str, Any]:
    return {
        "app": wall.app,
        "rules": wall.rules(numbers),
        "files": [plain(file) for file in wall.files(numbers)],
    }
