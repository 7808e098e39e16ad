"""Whatever is on a server by gatehouse's doing has an owner, and is gone when gatehouse is taken off it."""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import trustme

from deploys.places import apps, base, certificates, firewall, sites, watch
from deploys.places.apps import AppPlaces
from deploys.places.owned import Owned
from deploys.proxies.table import PROXIES
from tests.house import House
from tests.lab import Lab
from tests.provision import Run
from tests.proxies.stage import PROXYING, chosen_proxy

pytestmark = [pytest.mark.lab, pytest.mark.slow]

UNINSTALL = "deploys/uninstall.py"
DATA = "/var/lib/app-shop"
WANTS = "/etc/systemd/system/{}.target.wants/{}"
OF_PACKAGES = {
    "/etc/nginx/sites-enabled/default",
    *("enabled:nginx.service", "runs:nginx.service", WANTS.format("multi-user", "nginx.service")),
    *("enabled:certbot.timer", WANTS.format("timers", "certbot.timer")),
}
"""Debian's example site, and what serves and renews no more."""
SHOP = AppPlaces("shop", 20000)
OWNED: dict[str, Owned] = {
    "base": base.OWNED,
    "apps": apps.OWNED,
    "shop": SHOP.owned,
    "firewall": firewall.OWNED,
    "sites": sites.OWNED,
    "certificates": certificates.OWNED,
    "watch": watch.OWNED,
}
"""And the proxy that serves, which is one of `PROXIES`."""
PACKAGES = (
    *("ca-certificates", "certbot", "logrotate", "nftables", "nginx", "openssl", "python3"),
    "python3-venv",
)
LOOK = r"""
find /etc /home /opt /root /run/gatehouse* /srv /usr/local /var/lib -xdev 2>/dev/null
getent passwd | cut -d: -f1 | sed s/^/user:/
systemctl list-unit-files --plain --no-legend --full | awk '$2 == "enabled" {print "enabled:" $1}'
systemctl list-units --plain --no-legend --full 'gatehouse*' nginx.service | awk '{print "runs:" $1}'
nft list tables inet | awk '{print "table:" $3}'
"""
OF_OTHERS = re.compile(
    r"/var/lib/(apt|dpkg|logrotate|python|ucf|systemd/(?!timers/stamp-gatehouse))(/|$)|/var/lib/systemd/timers$"
    r"|/root/\.(cache|ssh|config)(/|$)|/etc/(passwd|group|shadow|gshadow|subuid|subgid)-$|.*/__pycache__(/|$)"
    r"|/etc/(rc\d\.d/[^/]*|sysusers\.d)$|/var/lib/letsencrypt(/|$)"
    r"|runs:.*\.slice$|/etc/systemd/system/[^/]*\.wants$"
    # The CA's own certificates and account, which certbot keeps.
    r"|/etc/letsencrypt(?!/gatehouse-aside|/renewal-hooks/deploy/gatehouse)(/|$)"
)
SELDOM = {
    certificates.ASIDE: "what is left of damaged lineages",
    certificates.DNS_HOOK: "challenges in DNS",
    certificates.DNS_CREDENTIALS: "challenges in DNS",
    watch.FAILURES_UNIT: "a systemd before 254",
    watch.CURSOR: "a systemd before 254",
    SHOP.due("b"): "a hook that has failed",
    SHOP.due("a"): "a hook that has failed",
    f"{SHOP.current}.new": "a power cut",
    "/etc/nginx/gatehouse-candidate.conf": "a power cut",
    "/var/lib/systemd/timers/stamp-gatehouse-certbot.timer": "a renewal",
    "/var/lib/systemd/timers/stamp-gatehouse-watch.timer": "a day",
}
"""What is there under some circumstances alone."""
GOES = {
    "nginx": "own /etc/nginx/nginx.conf",
    "caddy": "remove /etc/gatehouse/caddy",
    "traefik": "remove /etc/traefik/gatehouse",
}
"""What a dry run tells of a proxy."""


@dataclass(frozen=True)
class Stages:
    """What was on a server: before gatehouse, with it, and after."""

    house: House
    proxy: str
    before: frozenset[str]
    provisioned: frozenset[str]
    dry: Run
    still: frozenset[str]
    after: frozenset[str]

    @property
    def owned(self) -> dict[str, Owned]:
        return {**OWNED, "proxy": PROXIES[self.proxy].owned}

    @property
    def new(self) -> list[str]:
        return sorted(self.provisioned - self.before)

    @property
    def left(self) -> list[str]:
        return sorted(self.after - self.before)


def look(house: House) -> frozenset[str]:
    lines = house.server.run(LOOK).stdout.splitlines()
    return frozenset(line for line in lines if not OF_OTHERS.match(line))


def settings(folder: Path, name: str, *, publishes: bool) -> dict[str, Any]:
    """Ask for something of everything that leaves a trace on a server."""
    own = trustme.CA().issue_cert(f"own.{name}.test")
    own.private_key_pem.write_to_path(folder / "key.pem")
    own.cert_chain_pems[0].write_to_path(folder / "chain.pem")
    (folder / "token").write_text("hunter2")
    token = {"file": str(folder / "token")}
    shop = {
        "source": "tests/demo",
        "asgi": "demo.main:app",
        "health": {"path": "/health"},
        "secrets": {"TOKEN": token, "KEY": {**token, "deliver": "credential"}},
        "processes": {"mail": "sleep infinity"},
        "jobs": {"tidy": {"schedule": "daily", "command": "sh -c 'echo x > $STATE_DIRECTORY/x'"}},
        "hooks": {"before": ["sh -c 'echo x > $STATE_DIRECTORY/x'"], "after": ["true"]},
    }
    published = {"/code": {"files": "demo", "release_of": "shop"}} if publishes else {}
    certificate = {"chain": str(folder / "chain.pem"), "key": str(folder / "key.pem")}
    return {
        "apps": {"shop": shop},
        "sites": {
            f"www.{name}.test": {"routes": {"/": {"app": "shop"}, **published}},
            f"own.{name}.test": {
                "routes": {"/": {"redirect": f"https://www.{name}.test"}},
                "certificate": certificate,
            },
        },
        "alerts": {"command": "/usr/bin/true"},
    }


@pytest.fixture(scope="module", params=map("-".join, product(("12", "13"), PROXYING)))
def stages(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Debian's nginx is there and serves, whatever the proxy is to be."""
    debian, proxy = request.param.split("-")
    name = f"guest-{request.param}"
    wanted = settings(tmp_path_factory.mktemp("own"), name, publishes=has_files(proxy))
    house = House.on(lab, lab.up(name, debian=debian), **wanted, **chosen_proxy(lab, proxy))
    house.server.install(*PACKAGES)
    before = look(house)
    house.deploy().check()
    shop = {**house.settings["apps"]["shop"], "env": {"DEMO_VERSION": "2"}}
    house.deploy(acme={**house.settings["acme"], "certbot": "pypi"}, apps={"shop": shop}).check()
    house.deploy("--data", "maintenance=on", deploy="deploys/maintenance.py").check()
    provisioned = look(house)
    dry = house.deploy("--dry", deploy=UNINSTALL, yes=False).check()
    still = look(house)
    house.deploy(deploy=UNINSTALL).check()
    return Stages(house, proxy, before, provisioned, dry, still, look(house))


def has_files(proxy: str) -> bool:
    return "sites.*.routes.*.files" not in PROXIES[proxy].lacks


def is_owned(thing: str, owned: Owned) -> bool:
    kind, _, name = thing.rpartition(":")
    patterns = {
        "runs": (*owned.units, *owned.packaged),
        "enabled": owned.units,
        "table": owned.tables,
        "user": owned.users,
    }
    if kind:
        return any(fnmatchcase(name, pattern) for pattern in patterns[kind])
    path = PurePosixPath(thing)
    if path.parent.suffix == ".wants":
        return any(fnmatchcase(path.name, pattern) for pattern in (*owned.units, *owned.packaged))
    above = [str(one) for one in (path, *path.parents)]
    kept = path in {PurePosixPath(one) for one in owned.folders}
    drop_ins = {str(PurePosixPath(pattern).parent) for pattern in owned.paths if "/etc/systemd/" in pattern}
    return (
        kept
        or thing.startswith(tuple(f"{one}." for one in owned.diverted))
        or any(fnmatchcase(one, pattern) for one in above for pattern in owned.paths)
        or (path.suffix == ".d" and any(fnmatchcase(thing, pattern) for pattern in drop_ins))
    )


def test_whatever_is_new_has_an_owner(stages: Stages) -> None:
    nobodys = [
        thing
        for thing in stages.new
        if not any(is_owned(thing, owned) for owned in stages.owned.values()) and not thing.startswith(DATA)
    ]
    assert nobodys == [], f"no part of the house lists these as its own: {nobodys}"


@pytest.mark.parametrize("part", [*OWNED, "proxy"])
def test_whatever_has_an_owner_is_there(stages: Stages, part: str) -> None:
    owned = stages.owned[part]
    things = [thing for thing in stages.new if ":" not in thing]
    gone = [
        pattern
        for pattern in (*owned.paths, *owned.folders)
        if pattern not in SELDOM
        and (pattern != SHOP.public or has_files(stages.proxy))
        and not any(fnmatchcase(thing, pattern) for thing in things)
    ]
    assert gone == [], f"{part} lists these as its own, and never has them: {gone}"


def test_no_other_proxy_would_take_the_ports_at_a_boot(stages: Stages) -> None:
    units = {proxy.unit for name, proxy in PROXIES.items() if name != stages.proxy}
    there = {thing for thing in stages.provisioned if thing.rpartition(":")[2] in units}
    assert there == set(), f"besides {stages.proxy}: {there}"


def test_a_dry_run_tells_what_goes_and_changes_nothing(stages: Stages) -> None:
    assert stages.still == stages.provisioned
    for told in (
        "stop gatehouse-watch.timer",
        "remove /etc/gatehouse/certificates",
        GOES[stages.proxy],
    ):
        assert f"{told}\n" in stages.dry.output, stages.dry.output


def test_nothing_is_left_but_what_the_app_has_written(stages: Stages) -> None:
    left = [thing for thing in stages.left if thing not in {DATA, f"{DATA}/x"}]
    assert left == [], f"these were left behind: {left}"
    assert stages.before - stages.after <= OF_PACKAGES
    assert stages.house.server.run("nginx -t 2>&1 && stat -c %U:%a /var/lib/app-shop").stdout.endswith(
        "root:700\n"
    )


def test_a_second_time_there_is_nothing_to_do(stages: Stages) -> None:
    stages.house.server.run("systemctl start nginx")
    assert stages.house.deploy(deploy=UNINSTALL).check().changed == []
    assert look(stages.house) >= {"runs:nginx.service"}


def test_it_can_come_back(stages: Stages) -> None:
    stages.house.deploy().check()
    assert stages.house.outside.get("/health").status_code == 200
    assert stages.house.deploy().check().changed == []
