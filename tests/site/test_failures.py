"""Whatever goes wrong: one clear message, a non-zero exit, and the site that was there keeps serving."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.house import House
from tests.outside.proofs import slash_redirect
from tests.provision import Run, pyinfra

pytestmark = pytest.mark.lab

OUR_TRACEBACK = re.compile(r'File "(<string>|[^"]*/deploys/[^"]*)", line')


def assert_failed(run: Run, *words: str) -> None:
    assert run.code != 0, run.output
    assert not OUR_TRACEBACK.search(run.output), f"our own code is in sight:\n{run.output}"
    for word in words:
        assert word in run.output, f"expected {word!r} in:\n{run.output}"


def assert_still_serving(house: House) -> None:
    slash_redirect(house.outside)


def test_a_wrong_setting(house: House) -> None:
    acme = {**house.settings["acme"], "email": "ops"}
    run = house.deploy(acme=acme)
    assert_failed(run, f"{house.server.name}: acme['email']: 'ops': write an address like")
    assert run.operations == []
    assert_still_serving(house)


def test_a_ca_that_refuses(house: House) -> None:
    house.lab.set_name("blocked.test", str(house.server.address))
    sites = {**house.settings["sites"], "blocked.test": {"routes": {"/": {"app": "demo"}}}}
    assert_failed(house.deploy(sites=sites), "blocked.test")
    assert_still_serving(house)
    house.deploy().check()
    assert house.deploy().check().changed == []


def test_a_host_that_does_not_answer(house: House) -> None:
    data: dict[str, Any] = house.host_data | {"ssh_port": 9}
    run = pyinfra({"nobody": data})
    assert_failed(run, "nobody")
    assert run.operations == []
    assert_still_serving(house)


def test_a_broken_nginx_snippet(house: House) -> None:
    snippet = "/etc/nginx/conf.d/theirs.conf"
    house.server.run(f"echo 'nonsense;' > {snippet}")
    try:
        for _ in range(2):
            assert_failed(house.deploy(), f"{snippet}:1", 'unknown directive "nonsense"')
            assert_still_serving(house)
    finally:
        house.server.run(f"rm {snippet}")
    house.deploy().check()
    assert house.deploy().check().changed == []


def test_an_app_that_does_not_start(house: House, tmp_path: Path) -> None:
    broken = tmp_path / "demo"
    shutil.copytree(Path("tests/demo"), broken)
    (broken / "demo" / "main.py").write_text("raise RuntimeError('no configuration for the anvil')\n")
    before = house.app()["pid"]
    apps = {"demo": {**house.settings["apps"]["demo"], "source": str(broken)}}
    beside = f"beside.{house.server.name}.test"
    house.lab.set_name(beside, str(house.server.address))
    sites = {**house.settings["sites"], beside: {"routes": {"/": {"redirect": f"https://{house.domain}"}}}}
    cause = ": 'RuntimeError: no configuration for the anvil', at demo/main.py:1; it stopped by itself"
    assert_failed(house.deploy(apps=apps, sites=sites), "demo: failed: release ", cause)
    assert house.app()["pid"] == before
    assert house.outside.get(f"https://{beside}/").status_code == 308, "expected the other site, certified"
    house.deploy().check()
    assert house.app()["pid"] == before
    assert house.deploy().check().changed == []
