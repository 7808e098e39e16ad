"""What is so when traffic moves, told by a systemctl that looks."""

import os
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.onhost import start as start_onhost
from deploys.apps.onhost import switch as switch_onhost
from deploys.onhost import run

LOOKING = """#!/bin/sh
verb={verb}
test -e {root}/live/shop-b && live=b || live=a
files="$(basename $(readlink {root}/shop/current)) $(readlink {root}/shop/public/current)"
echo "$verb $live $files" >> {root}/seen
test $verb != {fails}
"""


@pytest.fixture
def current(tmp_path: Path) -> Path:
    """The link to the release that has the traffic."""
    current = tmp_path / "shop" / "current"
    current.parent.mkdir()
    current.symlink_to("releases/1")
    (tmp_path / "shop/public/1").mkdir(parents=True)
    (tmp_path / "shop/public/current").symlink_to("1")
    return current


def looking(root: Path, name: str, verb: str, fails: str) -> str:
    program = root / "bin" / name
    program.parent.mkdir(exist_ok=True)
    program.write_text(LOOKING.format(root=root, verb=verb, fails=fails))
    program.chmod(0o755)
    return str(program)


def use_systemctl(root: Path, monkeypatch: pytest.MonkeyPatch, fails: str = "nothing") -> None:
    monkeypatch.setattr(run, "SYSTEMCTL", looking(root, "systemctl", "$2", fails))


def seen(root: Path) -> list[str]:
    lines = (root / "seen").read_text().splitlines()
    return [words for words in lines if not words.startswith(("is-active", "show"))]


LOCK = {"app": "shop", "token": "t", "owner": "me"}


def switching(root: Path) -> dict[str, Any]:
    return {
        "step": "switch",
        "app": "unheard-of",
        "lock": LOCK | {"path": str(root / "lock")},
        "obey": (),
        "turn": {"release": 2, "slot": "b", "by": "me"},
        "unit": "gatehouse-unheard-of-b",
        "other_unit": "gatehouse-unheard-of-a",
        "units": ["gatehouse-unheard-of-b.job-x.timer", "gatehouse-unheard-of-b.service"],
        "other_enabled": ["gatehouse-unheard-of-a.service"],
        "b_is_live": str(root / "live" / "shop-b"),
        "current": str(root / "shop" / "current"),
        "published": str(root / "shop" / "public" / "current"),
        "folders": {"static": "static"},
        "persistent": {},
        "reader": "www-data",
        "history": str(root / "history" / "shop"),
        "release": str(root / "shop" / "releases" / "2"),
        "served": str(root / "history" / "shop-b.served"),
        "due": None,
    }


def switch(root: Path) -> None:
    switch_onhost.main(switching(root))


@pytest.mark.parametrize("fails", ["nothing", "disable", "start"])
def test_traffic_and_files_move_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: Path, fails: str
) -> None:
    """Not after what takes its time or fails: the proxy serves files from where the link leads."""
    use_systemctl(tmp_path, monkeypatch, fails)
    with nullcontext() if fails == "nothing" else pytest.raises(SystemExit, match=f"systemctl {fails}"):
        switch(tmp_path)
    assert seen(tmp_path) == [
        "enable a 1 1",
        "disable b 2 2",
        *(["daemon-reload b 2 2", "start b 2 2"] if fails != "disable" else []),
    ]
    assert current.readlink().name == "2"


@dataclass(frozen=True)
class Told:
    """A proxy that is told to heed the mark, and what came of it."""

    commands: list[Sequence[str]]
    fails: bool

    def after(self, step: Callable[[dict[str, Any]], None], argument: dict[str, Any]) -> None:
        """Carry out a step, which ends where the proxy does not obey."""
        refused = pytest.raises(SystemExit, match="has not been carried out")
        with refused if self.fails else nullcontext():
            step({**argument, "obey": self.commands})


@pytest.fixture(params=[False, True], ids=["obeys", "does not obey"])
def told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, current: Path, request: pytest.FixtureRequest
) -> Told:
    use_systemctl(tmp_path, monkeypatch)
    follow = looking(tmp_path, "follow", "obey", "obey" if request.param else "nothing")
    return Told([["/nowhere/follow"], [follow]], request.param)


def test_a_proxy_is_told_to_heed_the_mark_before_the_former_release_is_given_up(
    tmp_path: Path, told: Told
) -> None:
    told.after(switch_onhost.main, switching(tmp_path))
    after = [] if told.fails else ["disable b 2 2", "daemon-reload b 2 2", "start b 2 2"]
    assert seen(tmp_path) == ["enable a 1 1", "obey b 2 2", *after]


def test_a_slot_drains_once_no_proxy_leads_there(tmp_path: Path, told: Told) -> None:
    argument = {
        "step": "drain",
        "lock": LOCK | {"path": str(tmp_path / "lock")},
        "service": "gatehouse-unheard-of-a.service",
        "grace": 1,
        "running": ["gatehouse-unheard-of-a.service"],
    }
    told.after(switch_onhost.main, argument)
    assert seen(tmp_path) == ["obey a 1 1", *([] if told.fails else ["stop a 1 1"])]


def test_nothing_of_a_slot_is_changed_while_a_proxy_may_lead_there(tmp_path: Path, told: Told) -> None:
    served = tmp_path / "served"
    served.touch()
    argument = {
        "step": "before",
        "what": "shop: release 2",
        "lock": LOCK | {"path": str(tmp_path / "lock")},
        "app": "unheard-of",
        "slot": "b",
        "grace": 1,
        "served": str(served),
        "due": str(tmp_path / "due"),
        "tried": {"path": str(tmp_path / "tried")},
        "files": [],
        "secrets": str(tmp_path / "secrets" / "shop" / "b"),
        "hook": "gatehouse-unheard-of-b.hook-before.service",
    }
    told.after(start_onhost.main, argument)
    assert seen(tmp_path)[0] == "obey a 1 1"
    assert served.exists() == told.fails
    assert (len(seen(tmp_path)) == 1) == told.fails


@pytest.mark.usefixtures("current")
def test_nobody_but_root_reads_of_what_a_release_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its settings have secrets, and at their digest a guess could be tried."""
    use_systemctl(tmp_path, monkeypatch)
    switch(tmp_path)
    assert (tmp_path / "history" / "shop").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("current")
def test_what_has_served_outlives_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once synchronised, a file's content and the names in a directory are on the disk."""
    use_systemctl(tmp_path, monkeypatch)
    kept: dict[str, object] = {}

    def fsync(descriptor: int) -> None:
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        names = sorted(each.name for each in path.iterdir()) if path.is_dir() else path.read_text()
        kept[str(path.relative_to(tmp_path))] = names

    monkeypatch.setattr(os, "fsync", fsync)
    switch(tmp_path)
    assert kept["history"] == ["shop", "shop-b.served"]
    of_history = [str(content) for path, content in kept.items() if path.startswith("history/")]
    assert any('"release": 2' in content for content in of_history), (
        "expected the line of this turn on the disk"
    )
    assert "shop-b" in str(kept["live"])
