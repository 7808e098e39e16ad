"""No request is lost while the app is deployed, and its proxy reloaded, under load."""

from pathlib import Path

import pytest

from deploys.proxies.table import PROXIES
from tests.bench import releases
from tests.house import House
from tests.outside.load import Load
from tests.outside.nothing_lost import assert_nothing_lost, assert_releases_lose_nothing

pytestmark = pytest.mark.lab

RATE = 50


def test_deploys_and_a_rollback(house: House) -> None:
    assert_releases_lose_nothing(Load(house.outside, RATE), house)
    house.deploy().check()


@pytest.mark.slow
def test_a_release_that_is_refused(house: House) -> None:
    demo = house.settings["apps"]["demo"]
    with Load(house.outside, RATE).running() as load:
        load.enough()
        broken = demo | {"env": {"DEMO_BROKEN": "1"}, "health": {"path": "/health", "timeout": 3}}
        run = house.deploy(apps={"demo": broken})
        refused = load.enough()
    assert run.code != 0
    assert "told to be broken by DEMO_BROKEN" in run.output
    assert_nothing_lost(refused)
    assert len(refused.processes) == 1
    assert house.deploy().check().changed == []


def test_reloads_and_a_renewed_certificate(house: House) -> None:
    with Load(house.outside, RATE).running() as load:
        rest = load.enough()
        releases.reload(house, PROXIES["nginx"], 3)
        reloaded = load.enough()
        releases.renew(house, 1)
        renewed = load.enough()
    assert_nothing_lost(rest)
    assert_nothing_lost(reloaded)
    assert_nothing_lost(renewed)


@pytest.mark.slow
def test_another_port(house: House, tmp_path: Path) -> None:
    """A proxy that cannot have its configuration leaves the app where it was."""
    snippet = tmp_path / "broken.conf"
    snippet.write_text("no_such_directive on;\n")
    apps = {"demo": {**house.settings["apps"]["demo"], "port": 31000}}
    with Load(house.outside, RATE).running() as load:
        rest = load.enough()
        assert house.deploy(apps=apps, snippets=[str(snippet)]).code != 0
        failed = load.enough()
        house.deploy(apps=apps).check()
        moved = load.enough()
        again = house.deploy(apps=apps).check()
        refused = house.deploy(apps=apps, deploy="deploys/rollback.py")
        load.enough()
        house.deploy().check()
        moved_back = load.enough()
    assert_nothing_lost(rest)
    assert failed.failures == [], str(failed)
    assert len(failed.processes) == 1
    assert_nothing_lost(moved)
    assert len(moved.processes) == 2
    assert again.changed == []
    assert refused.code != 0
    assert "and prefix '', the proxy now has port 31000 and prefix ''; set the former again" in refused.output
    assert_nothing_lost(moved_back)


@pytest.mark.slow
def test_another_prefix(house: House) -> None:
    routes = {"/shop/": {"app": "demo", "prefix": "/shop"}}
    sites = {house.domain: {**house.settings["sites"][house.domain], "routes": routes}}
    house.deploy(sites=sites).check()
    assert house.app("/shop/echo")["root_path"] == "/shop"
    assert house.deploy(sites=sites).check().changed == []
    run = house.deploy(sites=sites, deploy="deploys/rollback.py")
    assert run.code != 0
    assert "the proxy now has" in run.output
    assert house.app("/shop/echo")["root_path"] == "/shop"
    house.deploy().check()
    assert house.app("/echo")["root_path"] == ""
