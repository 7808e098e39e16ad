"""What the host does once certbot has renewed: it serves, and what keeps it from that is told."""

import json
from pathlib import Path
from typing import Any

import pytest
import trustme

from deploys.certificates.onhost import hook

NAME = "a.test"
CONF = "version = 2.1.0\n[renewalparams]\n"
COMMAND = """#!/bin/sh
echo "$1" >> {told}
cat >> {told}
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    live, alert, watch = tmp_path / "live" / NAME, tmp_path / "alert", tmp_path / "watch.json"
    live.mkdir(parents=True)
    (tmp_path / "renewal").mkdir()
    trustme.CA().issue_cert(NAME).cert_chain_pems[0].write_to_path(live / "fullchain.pem")
    alert.write_text(COMMAND.format(told=tmp_path / "told"))
    alert.chmod(0o755)
    watch.write_text(json.dumps({"alerts": {"command": str(alert)}}))
    monkeypatch.setenv("RENEWED_LINEAGE", str(live))
    return {
        "lineages": {NAME: {"ask": [], "renewed": True}},
        "reload": [["/usr/bin/touch", f"{tmp_path}/reloaded"]],
        "watch": str(watch),
    }


def test_it_is_served_and_the_next_renewal_noted(settings: dict[str, Any], tmp_path: Path) -> None:
    conf = tmp_path / "renewal" / f"{NAME}.conf"
    conf.write_text(CONF)
    hook.main(settings)
    assert (tmp_path / "reloaded").exists()
    assert "renew_before_expiry" in conf.read_text()
    assert not (tmp_path / "told").exists()


def test_a_note_that_fails_keeps_nothing_from_being_served(settings: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "renewal" / f"{NAME}.conf").mkdir()
    with pytest.raises(SystemExit, match="Is a directory"):
        hook.main(settings)
    assert (tmp_path / "reloaded").exists()
    title, text, *_ = (tmp_path / "told").read_text().splitlines()
    assert title.endswith(f"{NAME}: renewed, but not noted when to renew again")
    assert "Is a directory" in text


@pytest.mark.parametrize(
    ("reload", "pem", "words"),
    [
        ("echo nonsense >&2; false", None, "the proxy cannot reload: nonsense"),
        ("true", "nonsense", "holds no certificate"),
    ],
)
def test_what_is_not_served_is_told(
    settings: dict[str, Any], tmp_path: Path, reload: str, pem: str | None, words: str
) -> None:
    conf = tmp_path / "renewal" / f"{NAME}.conf"
    conf.write_text(CONF)
    if pem:
        (tmp_path / "live" / NAME / "fullchain.pem").write_text(pem)
    with pytest.raises(SystemExit, match=words):
        hook.main({**settings, "reload": [["/bin/sh", "-c", reload]]})
    told = (tmp_path / "told").read_text()
    assert told.splitlines()[0].endswith(f"{NAME}: renewed, but not served")
    assert words in told
