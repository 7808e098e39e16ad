"""What closes apps off stands, whatever becomes of a user, and wherever a former version had it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploys.firewall.onhost.nft import table_of
from tests.apps.workshop import Workshop
from tests.lab import Lab, Server
from tests.provision import Run, pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

CONNECT = 'python3 -c "import socket; socket.create_connection((\\"127.0.0.1\\", %d), 5)"'
RULE = (
    'oifname "lo" tcp dport { %d, %d } tcp flags & (syn | ack) == syn'
    ' meta skuid != { "root", "www-data", "app-%s" } reject with tcp reset comment "%s at %d"'
)
TABLE = """table inet gatehouse_apps
delete table inet gatehouse_apps
table inet gatehouse_apps {
    chain output {
        type filter hook output priority filter; policy accept;
        %s
    }
}
"""
LOADS = """[Unit]
After=nftables.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f /etc/gatehouse/apps.nft
[Install]
WantedBy=multi-user.target
"""
AGAIN = """[Service]
ExecStartPost=-/usr/sbin/nft -f /etc/gatehouse/apps.nft
ExecReload=-/usr/sbin/nft -f /etc/gatehouse/apps.nft
"""
FORMER = {
    "/etc/gatehouse/apps.nft": TABLE,
    "/etc/systemd/system/gatehouse-apps-firewall.service": LOADS,
    "/etc/systemd/system/nftables.service.d/gatehouse.conf": AGAIN,
}
"""As version 0.1 had it: one table for all apps, in which users are names."""


@dataclass(frozen=True)
class Street:
    """Two apps on a server of their own."""

    shop: Workshop
    cafe: Workshop

    @property
    def server(self) -> Server:
        return self.shop.server

    def deploy(self, *flags: str, yes: bool = True) -> Run:
        data, other = self.shop.host_data(), self.cafe.host_data()
        data["apps"] |= other["apps"]
        data["sites"] |= other["sites"]
        return pyinfra({self.server.name: data}, *flags, deploy="tests/apps/apps_alone.py", yes=yes)

    def closed(self, *apps: Workshop) -> dict[str, bool]:
        """Say of apps, all unless some are given, whether a stranger is kept from what answers root."""
        found = {}
        for app in apps or (self.shop, self.cafe):
            port = app.port + (app.live() == "b")
            stranger = self.server.run(f"runuser -u nobody -- {CONNECT % port}", check=False)
            found[app.name] = "ConnectionRefusedError" in stranger.stderr and bool(app.answer()["words"])
        return found

    def has_user(self, app: Workshop) -> bool:
        return self.server.run(f"getent passwd app-{app.name}", check=False).returncode == 0

    def tables(self) -> set[str]:
        rows = json.loads(self.server.run("nft -j list tables").stdout)["nftables"]
        return {row["table"]["name"] for row in rows if "table" in row}


ALL = {"shop": True, "cafe": True}
TABLES = {table_of(app) for app in ALL}


@pytest.fixture(scope="module", params=["12", "13"], ids=lambda debian: f"debian-{debian}")
def apart(
    request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Street]:
    """A server of its own, since it is rebooted."""
    server = lab.up(f"standing-{request.param}", debian=request.param, furnished=True)

    def workshop(name: str, port: int) -> Workshop:
        return Workshop(lab, server, Path(tmp_path_factory.mktemp(name)), name, port)

    yield Street(workshop("shop", 11000), workshop("cafe", 11020))
    lab.down(server.name)


@pytest.fixture
def street(apart: Street) -> Street:
    """Both apps released, whatever the former test has left."""
    apart.deploy().check()
    assert apart.closed() == ALL
    return apart


@pytest.mark.parametrize("reboots", [False, True], ids=["at once", "after a reboot"])
def test_a_user_that_was_deleted_takes_no_other_app_s_wall_along(street: Street, reboots: bool) -> None:
    server, number = street.server, street.server.run("id -u app-cafe").stdout
    server.run("userdel --force app-cafe")
    if reboots:
        server.reboot()
    assert street.tables() >= TABLES
    has_user = street.has_user(street.cafe)
    assert reboots or not has_user
    # The other one cannot answer before it has its user again, which systemd may make at boot.
    there = [street.shop, street.cafe] if has_user else [street.shop]
    assert street.closed(*there) == {app.name: True for app in there}
    planned = street.deploy("--dry", yes=False).check()
    assert ("user app-cafe was deleted, make it again" in planned.output) == (not has_user)
    assert street.has_user(street.cafe) == has_user, "a dry run has made a user"
    street.deploy().check()
    assert server.run("id -u app-cafe").stdout == number, "its data would be another's"
    assert street.closed() == ALL
    assert street.deploy().check().changed == []
    server.reboot()
    assert street.tables() >= TABLES
    assert street.closed() == ALL


def test_the_one_table_that_all_apps_had_becomes_one_of_each(street: Street) -> None:
    server = street.server
    apps = (street.shop, street.cafe)
    rules = [RULE % (app.port, app.port + 1, app.name, app.name, app.port) for app in apps]
    server.run(
        "systemctl disable --quiet --now 'gatehouse-firewall@*.service';"
        " rm -r /etc/gatehouse/firewall /etc/systemd/system/gatehouse-firewall@.service"
        " /etc/systemd/system/nftables.service.d/gatehouse-*.conf;"
        " for table in $(nft list tables | grep -o 'gatehouse_app_.*'); do nft delete table inet $table; done"
    )
    for path, content in FORMER.items():
        filled = content % "\n        ".join(rules) if content is TABLE else content
        server.run(f"mkdir -p $(dirname {path}); cat > {path}", stdin=filled)
    server.run("systemctl daemon-reload; systemctl enable --quiet --now gatehouse-apps-firewall.service")
    assert street.tables() & ({"gatehouse_apps"} | TABLES) == {"gatehouse_apps"}
    assert street.closed() == ALL
    street.deploy().check()
    assert street.tables() & ({"gatehouse_apps"} | TABLES) == TABLES
    assert server.run(f"ls {' '.join(FORMER)}", check=False).stdout == ""
    assert street.closed() == ALL
    assert street.deploy().check().changed == []
    server.reboot()
    assert street.tables() & ({"gatehouse_apps"} | TABLES) == TABLES
    assert street.closed() == ALL
