"""The ports of apps, which any user of the machine could connect to otherwise, and pass for the proxy."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import remote
from deploys.apps.layout import SLOTS, Layout
from deploys.apps.onhost import isolate as isolate_onhost
from deploys.base.files import File, show
from deploys.render import render

RULES = "/etc/gatehouse/apps.nft"
UNIT = "gatehouse-apps-firewall.service"
_UNIT_FILE = f"/etc/systemd/system/{UNIT}"
_FLUSHING = "/etc/systemd/system/nftables.service.d/gatehouse.conf"
_TABLE = ("inet", "gatehouse_apps")


@dataclass(frozen=True)
class Wall:
    """What a host has of it."""

    files: Mapping[str, Any] = field(default_factory=dict)
    """What is known of the files, by path."""
    rules: Sequence[str] = ()
    """The comments of the rules that the kernel has."""
    unit: str = ""
    """Whether the unit that loads them at boot is enabled, in systemd's word."""
    present: Sequence[str] = ()
    """The apps that are there, in the settings or not."""


def question(*, contents: bool) -> dict[str, Any]:
    """Say what to look at on the host, and whether to tell what is in the files."""
    paths = [RULES, _UNIT_FILE, _FLUSHING]
    return {"look": paths, "contents": paths if contents else [], "table": _TABLE, "unit": UNIT}


def files(apps: Sequence[Layout]) -> list[File]:
    """Render the rules of nftables, and what loads them at boot and after a flush of all rules."""
    return [
        File(RULES, render("systemd/apps.nft.j2", apps=apps, comment=_comment)),
        File(_UNIT_FILE, render("systemd/apps-firewall.service.j2", rules=RULES)),
        File(_FLUSHING, render("systemd/nftables.service.d.conf.j2", rules=RULES)),
    ]


def is_in_force(found: Wall, apps: Sequence[Layout]) -> bool:
    """Say whether the kernel has the rules, and whether it will have them after a boot."""
    known = sorted(_comment(app) for app in apps)
    return sorted(found.rules) == known and found.unit.strip() == "enabled"


def with_unwanted(apps: Sequence[Layout], found: Wall) -> list[Layout]:
    """Add the apps that are no longer in the settings but still there, unless another has got their ports."""
    names, ports = {app.app for app in apps}, {port for app in apps for port in _ports(app)}
    rules = (rule.rpartition(" at ") for rule in found.rules)
    others = [Layout(name, int(port)) for name, _, port in rules if name in {*found.present} - names]
    left = [app for app in others if ports.isdisjoint(_ports(app))]
    return sorted([*apps, *left], key=lambda app: app.app)


@operation()
def isolate(apps: Sequence[Layout], look: Callable[[], Wall]) -> Generator[StringCommand, None, None]:
    """Have the kernel refuse connections to an app's ports, but from the proxy, root and the app itself.

    Args:
        apps: all apps of the settings; their users must be there.
        look: gives what the host has.

    """
    found = look()
    everybody = with_unwanted(apps, found)
    wanted = files(everybody)
    changed = [file for file in wanted if not file.is_as(found.files.get(file.path))]
    if not changed and is_in_force(found, everybody):
        host.noop("the ports of apps are closed to others")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found.files.get(file.path))
    everything = {file.path: file.content for file in wanted}
    yield remote.run(isolate_onhost, {"rules": RULES, "unit": UNIT, "contents": everything})


def _comment(app: Layout) -> str:
    """Name an app's rule, so that it is known among those that the kernel has."""
    return f"{app.app} at {app.port}"


def _ports(app: Layout) -> set[int]:
    return {app.slot_port(slot) for slot in SLOTS}
