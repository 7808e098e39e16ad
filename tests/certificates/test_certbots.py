"""Four certbots, whose behaviour differs: each issues, keeps, changes, and renews by itself under load."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest

from tests.certificates.beside import lab_beside
from tests.certificates.renewal import certbot_in_use, make_due, renew_by_timer, serial
from tests.house import House, sites
from tests.lab import CaOptions, Lab
from tests.lab.waiting import until
from tests.outside.endpoints import endpoint

pytestmark = [pytest.mark.lab, pytest.mark.slow]

# A CA that refuses some good nonces, as they do.
OPTIONS = CaOptions(debian="forky", profiles=("default",), nonce_reject=5)
CERTBOTS = {
    "2.1": ("12", "auto", "certbot.timer"),
    "4.0": ("13", "auto", "certbot.timer"),
    "5.5": ("forky", "auto", "certbot.timer"),
    "5.8": ("12", "pypi", "gatehouse-certbot.timer"),
}


@pytest.fixture(scope="module")
def beside() -> Iterator[Lab]:
    with lab_beside("certbots", OPTIONS) as lab:
        yield lab


@pytest.fixture(scope="module", params=CERTBOTS)
def certbot(request: pytest.FixtureRequest, beside: Lab) -> Iterator[tuple[str, House]]:
    release, kind, _ = CERTBOTS[request.param]
    server = beside.up(f"certbot-{request.param.replace('.', '-')}", debian=release)
    house = House.on(beside, server, apps={}, sites=sites(f"www.{server.name}.test"))
    yield (
        request.param,
        House.on(
            beside,
            server,
            apps={},
            sites=house.settings["sites"],
            acme={**house.settings["acme"], "certbot": kind},
        ),
    )
    beside.down(server.name)


def test_it_issues_keeps_and_changes(certbot: tuple[str, House]) -> None:
    version, house = certbot
    house.deploy().check()
    program = certbot_in_use(house)
    assert program.startswith("/opt/gatehouse/" if version == "5.8" else "/usr/bin/")
    assert f"certbot {version}." in house.server.run(f"{program} --version").stdout
    timers = house.server.run("systemctl list-timers --plain --no-legend '*certbot*'").stdout
    assert CERTBOTS[version][2] in timers
    assert len(timers.splitlines()) == 1

    before = serial(house)
    assert house.deploy().check().changed == []
    assert serial(house) == before

    alias = f"{house.server.name}.test"
    house.lab.set_name(alias, str(house.server.address))
    more: dict[str, Any] = {"sites": sites(house.domain, aliases=[alias])}
    house.deploy(**more).check()
    assert ("DNS", alias) in house.outside.certificate()["subjectAltName"]
    assert house.deploy(**more).check().changed == []
    house.deploy().check()

    before = serial(house)
    house.deploy("--data", "rehearse=yes", deploy="deploys/renew.py").check()
    assert serial(house) == before
    dark = f"dark.{alias}"
    house.lab.remove_name(dark)
    house.lab.set_name("blocked.test", str(house.server.address))
    three: dict[str, Any] = {"sites": sites(house.domain, "blocked.test", dark)}
    run = house.deploy("--data", "rehearse=yes", deploy="deploys/renew.py", **three)
    assert run.code != 0
    for words in (
        "forbidden",  # in the words of each CA
        f"{dark}: no address",
        f"see above: blocked.test, {dark};",
    ):
        assert words in run.output, f"expected {words!r} in:\n{run.output}"
    assert "Traceback" not in run.output
    assert serial(house) == before
    house.deploy(deploy="deploys/renew.py").check()
    assert serial(house) != before


@dataclass
class Load:
    """Requests one after the other, each on a connection of its own, and what came of them."""

    house: House
    good: int = 0
    failed: list[str] = field(default_factory=list)

    @contextmanager
    def running(self) -> Iterator[None]:
        done = threading.Event()
        threads = [threading.Thread(target=self._ask, args=(done,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            done.set()
            for thread in threads:
                thread.join()

    def _ask(self, done: threading.Event) -> None:
        for _ in range(3000):
            if done.is_set():
                return
            try:
                answer = self.house.outside.get("/")
            except (OSError, httpx.HTTPError) as error:
                self.failed.append(repr(error))
            else:
                if answer.status_code == 200:
                    self.good += 1
                else:
                    self.failed.append(str(answer.status_code))
            time.sleep(0.02)


def test_the_timer_renews_by_itself_under_load(certbot: tuple[str, House]) -> None:
    """Nobody is logged in; visitors notice nothing."""
    _, house = certbot
    timer = CERTBOTS[certbot[0]][2]
    house.server.run("mkdir -p /srv/www && echo here > /srv/www/index.html")
    house.deploy().check()
    load = Load(house)
    with load.running():
        renew_by_timer(house, timer)
        until(lambda: load.good > 100 or load.failed, within=60, otherwise="there was no load")
    assert load.failed == []
    conf = f"/etc/letsencrypt/renewal/{house.domain}.conf"
    assert "renew_before_expiry = 720 hours" in house.server.run(f"cat {conf}").stdout
    assert "all is well" in house.server.run("gatehouse-watch").stdout
    assert house.deploy().check().changed == []
    if certbot[0] in {"5.5", "5.8"}:
        # It has asked the CA when to renew (ARI), and when to ask again.
        house.server.run(f"systemctl start {timer.replace('.timer', '.service')}")
        assert "ari_retry_after" in house.server.run(f"cat {conf}").stdout


def test_a_failed_renewal_raises_the_alert(certbot: tuple[str, House]) -> None:
    _, house = certbot
    service = CERTBOTS[certbot[0]][2].replace(".timer", ".service")
    house.deploy().check()
    with endpoint(house.outside.own_address()) as told:
        house.deploy(alerts={"webhook": {"url": told.url, "format": "ntfy"}}).check()
        make_due(house)
        house.lab.remove_name(house.domain)
        house.server.run(f"systemctl start {service}", check=False)
        post = told.next()
        assert post.headers["Title"].endswith(f"{service} failed")
        assert house.domain in post.body

        # An app that systemd starts again and again has failed as well.
        unit = (
            '[Service]\\nExecStart=/bin/sh -c "echo out of anvils; false"\\nRestart=always\\nRestartSec=1\\n'
        )
        path = "/etc/systemd/system/gatehouse-shop-a.service"
        house.server.run(
            f"printf '{unit}' > {path}; systemctl daemon-reload; systemctl start gatehouse-shop-a"
        )
        post = told.next()
    assert post.headers["Title"].endswith("gatehouse-shop-a.service failed")
    assert "out of anvils" in post.body
    house.server.run(f"systemctl stop gatehouse-shop-a; rm {path}; systemctl daemon-reload")


def test_a_ca_that_refuses_every_other_nonce(certbot: tuple[str, House]) -> None:
    """The last one, since the CA knows no account any more after it."""
    _, house = certbot
    house.lab.start_ca(replace(OPTIONS, nonce_reject=50))
    name = f"nonce.{house.domain}"
    house.lab.set_name(name, str(house.server.address))
    only: dict[str, Any] = {"sites": sites(name)}
    house.deploy(**only).check()
    assert house.deploy(**only).check().changed == []
    house.lab.start_ca(OPTIONS)
