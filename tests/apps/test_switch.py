"""What is so when traffic moves, told by a systemctl that looks."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from deploys.apps import remote_switch

LOOKING = """#!/bin/sh
verb=$2
test -e {root}/live/shop-b && live=b || live=a
echo "$verb $live $(basename $(readlink {root}/shop/current))" >> {root}/seen
test $verb != {fails}
"""


@pytest.mark.parametrize("fails", ["nothing", "disable", "start"])
def test_traffic_and_files_move_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    """Not after what takes its time or fails: the proxy serves files from where the link leads."""
    systemctl = tmp_path / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(LOOKING.format(root=tmp_path, fails=fails))
    systemctl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{systemctl.parent}:/usr/bin:/bin")
    current = tmp_path / "shop" / "current"
    current.parent.mkdir()
    current.symlink_to("releases/1")

    with nullcontext() if fails == "nothing" else pytest.raises(SystemExit, match=f"systemctl {fails}"):
        remote_switch.main(
            {
                "step": "switch",
                "lock": {"app": "shop", "path": str(tmp_path / "lock"), "token": "t", "owner": "me"},
                "slot": "b",
                "unit": "gatehouse-unheard-of-b",
                "other_unit": "gatehouse-unheard-of-a",
                "units": ["gatehouse-unheard-of-b.job-x.timer", "gatehouse-unheard-of-b.service"],
                "other_enabled": ["gatehouse-unheard-of-a.service"],
                "b_is_live": str(tmp_path / "live" / "shop-b"),
                "current": str(current),
                "history": str(tmp_path / "history" / "shop"),
                "number": 2,
                "owner": "me",
                "release": str(tmp_path / "shop" / "releases" / "2"),
                "served": str(tmp_path / "history" / "shop-b.served"),
                "due": None,
            }
        )
    seen = (tmp_path / "seen").read_text().splitlines()
    assert [words for words in seen if not words.startswith("is-active")] == [
        "enable a 1",
        "disable b 2",
        *(["start b 2"] if fails != "disable" else []),
    ]
    assert current.readlink().name == "2"
