"""Apps kept from one another's ports, which any user of the machine could connect to otherwise."""

from collections.abc import Generator, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import connection, remote
from deploys.apps import remote_isolate, remote_isolated
from deploys.apps.layout import Layout
from deploys.base.files import File, show
from deploys.render import render

RULES = "/etc/gatehouse/apps.nft"
UNIT = "gatehouse-apps-firewall.service"
_FLUSHING = "/etc/systemd/system/nftables.service.d/gatehouse.conf"
_TABLE = ("inet", "gatehouse_apps")


class Isolation(remote.Probe[dict[str, Any]]):
    """The files with the rules, the rules in force, and whether the unit that loads them is enabled."""

    module: ClassVar[ModuleType] = remote_isolated

    @staticmethod
    def default() -> dict[str, Any]:
        return {"files": {}, "rules": [], "unit": ""}


def files(apps: Sequence[Layout]) -> list[File]:
    """Render the rules of nftables, and what loads them at boot and after a flush of all rules."""
    return [
        File(RULES, render("systemd/apps.nft.j2", apps=apps, comment=_comment)),
        File(f"/etc/systemd/system/{UNIT}", render("systemd/apps-firewall.service.j2", rules=RULES)),
        File(_FLUSHING, render("systemd/nftables.service.d.conf.j2", rules=RULES)),
    ]


def is_in_force(found: dict[str, Any], apps: Sequence[Layout]) -> bool:
    """Say whether the kernel has the rules, and whether it will have them after a boot."""
    known = sorted(_comment(app) for app in apps)
    return bool(found["rules"] == known and found["unit"].strip() == "enabled")


@operation()
def isolate(apps: Sequence[Layout]) -> Generator[StringCommand, None, None]:
    """Have the kernel refuse an app's connections to another app's ports.

    Args:
        apps: all apps of the host; their users must be there.

    """
    wanted = files(apps)
    contents = [file.path for file in wanted] if state.config.DIFF else []
    look = {"look": [file.path for file in wanted], "contents": contents, "table": _TABLE, "unit": UNIT}
    found = connection.ask(Isolation, argument=look)
    changed = [file for file in wanted if not file.is_as(found["files"].get(file.path))]
    if not changed and is_in_force(found, apps):
        host.noop("apps are kept from one another's ports")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found["files"].get(file.path))
    everything = {file.path: file.content for file in wanted}
    yield remote.run(remote_isolate, {"rules": RULES, "unit": UNIT, "contents": everything})


def _comment(app: Layout) -> str:
    """Name an app's rule, so that it is known among those that the kernel has."""
    return f"{app.app} at {app.port}"
