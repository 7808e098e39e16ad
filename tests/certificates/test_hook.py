"""What the host does once certbot has renewed: it serves, and what keeps it from that is told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from deploys.certificates.onhost import hook
from tests.outside.endpoints import Endpoint, endpoint

NAME = "a.test"
CONF = "version = 2.1.0\n[renewalparams]\n"


@pytest.fixture
def told() -> Iterator[Endpoint]:
    with endpoint("127.0.0.1") as found:
        yield found


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Endpoint) -> dict[str, Any]:
    live, watch = tmp_path / "live" / NAME, tmp_path / "watch.json"
    live.mkdir(parents=True)
    (tmp_path / "renewal").mkdir()
    trustme.CA().issue_cert(NAME).cert_chain_pems[0].write_to_path(live / "fullchain.pem")
    watch.write_text(json.dumps({"alerts": {"webhook": {"url": told.url, "format": "json"}}}))
    monkeypatch.setenv("RENEWED_LINEAGE", str(live))
    return {
        "lineages": {NAME: {"ask": [], "renewed": True}},
        "reload": [["/usr/bin/touch", f"{tmp_path}/reloaded"]],
        "watch": str(watch),
    }


def test_it_is_served_and_the_next_renewal_noted(
    settings: dict[str, Any], tmp_path: Path, told: Endpoint
) -> None:
    conf = tmp_path / "renewal" / f"{NAME}.conf"
    conf.write_text(CONF)
    hook.main(settings)
    assert (tmp_path / "reloaded").exists()
    assert "renew_before_expiry" in conf.read_text()
    assert told.posts.empty()


def test_a_note_that_fails_keeps_nothing_from_being_served(
    settings: dict[str, Any], tmp_path: Path, told: Endpoint
) -> None:
    (tmp_path / "renewal" / f"{NAME}.conf").mkdir()
    with pytest.raises(SystemExit, match="Is a directory"):
        hook.main(settings)
    assert (tmp_path / "reloaded").exists()
    post = json.loads(told.next().body)
    assert post["title"].endswith(f"{NAME}: renewed, but not noted when to renew again")
    assert "Is a directory" in post["text"]


@pytest.mark.parametrize(
    ("reload", "pem", "words"),
    [
        ("echo nonsense >&2; false", None, "the proxy cannot reload: 'nonsense'"),
        ("true", "nonsense", "holds no certificate"),
    ],
)
def test_what_is_not_served_is_told(
    settings: dict[str, Any], tmp_path: Path, told: Endpoint, *, reload: str, pem: str | None, words: str
) -> None:
    conf = tmp_path / "renewal" / f"{NAME}.conf"
    conf.write_text(CONF)
    if pem:
        (tmp_path / "live" / NAME / "fullchain.pem").write_text(pem)
    with pytest.raises(SystemExit, match=words):
        hook.main({**settings, "reload": [["/bin/sh", "-c", reload]]})
    post = json.loads(told.next().body)
    assert post["title"].endswith(f"{NAME}: renewed, but not served")
    assert words in post["text"]
