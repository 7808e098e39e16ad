"""Ctrl-C and SIGTERM end a run between two steps, and the next one goes on from there."""

import shutil
import signal
from pathlib import Path

import pytest

from tests.house import House
from tests.lab.waiting import until
from tests.outside.proofs import slash_redirect
from tests.provision import begun

pytestmark = pytest.mark.lab

BUILD = "gatehouse-demo-build.service"


@pytest.mark.parametrize("kind", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_run_that_is_stopped(house: House, tmp_path: Path, kind: signal.Signals) -> None:
    changed = tmp_path / "demo"
    shutil.copytree("tests/demo", changed)
    (changed / "demo" / "more.py").write_text(f"KIND = {kind.value}\n")
    apps = {"demo": {**house.settings["apps"]["demo"], "source": str(changed)}}
    before = house.app()["pid"]

    with begun({house.server.name: {**house.host_data, "apps": apps}}) as run:
        until(
            # Before that, the run would end before the build, which is a step of its own.
            lambda: house.server.run(f"systemctl is-active {BUILD}", check=False).returncode == 0,
            within=120,
            otherwise="the build does not begin",
        )
        run.process.send_signal(kind)
        ended = run.ended(within=300)

    assert ended.code == 130, ended.output
    assert "Release demo" not in ended.operations, ended.output
    assert "the next run will start release" in ended.output, "expected to read what is left to do"
    assert "Traceback" not in ended.output
    slash_redirect(house.outside)
    assert house.app()["pid"] == before, "expected the traffic to stay where it was"

    house.deploy(apps=apps).check()
    assert house.app()["pid"] != before
    house.deploy().check()
    assert house.deploy().check().changed == []
