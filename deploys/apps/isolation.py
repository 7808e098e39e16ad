"""Apps kept from one another's ports, which any user of the machine could connect to otherwise."""

from collections.abc import Generator, Sequence

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import remote
from deploys.apps import remote_isolate
from deploys.apps.layout import Layout
from deploys.base.files import File, Files, show
from deploys.render import render

RULES = "/etc/gatehouse/apps.nft"
UNIT = "gatehouse-apps-firewall.service"


def files(apps: Sequence[Layout]) -> list[File]:
    """Render the rules of nftables, and the unit that loads them when the machine boots."""
    return [
        File(RULES, render("systemd/apps.nft.j2", apps=apps)),
        File(f"/etc/systemd/system/{UNIT}", render("systemd/apps-firewall.service.j2", rules=RULES)),
    ]


@operation()
def isolate(apps: Sequence[Layout]) -> Generator[StringCommand, None, None]:
    """Have the kernel refuse an app's connections to another app's ports.

    Args:
        apps: all apps of the host; their users must be there.

    """
    wanted = files(apps)
    found = host.get_fact(Files, argument={"look": [file.path for file in wanted], "contents": []})
    changed = [file for file in wanted if not file.is_as(found.get(file.path))]
    if not changed:
        host.noop("apps are kept from one another's ports")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found.get(file.path))
    contents = {file.path: file.content for file in wanted}
    yield remote.run(remote_isolate, {"rules": RULES, "unit": UNIT, "contents": contents})
