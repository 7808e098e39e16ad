"""Cloudflare's networks are those that it publishes where that is reached, and a dated copy's elsewhere."""

from pathlib import Path
from typing import Any

import pytest

from deploys.config.cloudflare import CLOUDFLARE, COPIED
from deploys.proxies import published
from deploys.proxies.published import Unknown, differences, networks
from tests.lab import Lab
from tests.provision import pyinfra
from tests.proxies.cloudflares import Answers, playing
from tests.proxies.stage import Stage

OVER_4 = "".join(f"{one}\n" for one in CLOUDFLARE if ":" not in one)
OVER_6 = "".join(f"{one}\n" for one in CLOUDFLARE if ":" in one)
NEW, GONE = "203.0.112.0/22", "131.0.72.0/22"
CHANGED = OVER_4.replace(GONE, NEW)
EVIL, PLAIN = "https://www.cloudflare.com.evil.test/ips-v4/", "http://www.cloudflare.com/ips-v4/"
NO_LIST = "what came is no list of networks"


def lists(over_4: str = OVER_4, over_6: str = OVER_6) -> Answers:
    return {"/ips-v4": (200, over_4), "/ips-v6": (200, over_6)}


@pytest.mark.parametrize(
    "text",
    [
        *("", "\n", "<html>please log in</html>", "0.0.0.0/0", "10.0.0.1/8", "10.0.0.0/8\n2400:cb00::/32"),
        *("10.0.0.0/8, 10.1.0.0/16", "10.0.0.0/8;}", "localhost"),
    ],
)
def test_what_is_no_list_is_not_believed(text: str) -> None:
    with pytest.raises(Unknown, match=NO_LIST):
        networks(text, 4)


def test_a_list_is_read() -> None:
    assert networks("10.0.0.0/8\r\n192.0.2.0/24 \n10.0.0.0/8", 4) == ["10.0.0.0/8", "192.0.2.0/24"]
    assert networks("2400:CB00::/32\n", 6) == ["2400:cb00::/32"]


def test_differences_are_named() -> None:
    assert [*differences(("a", "b"), ("b", "c"))] == ["+ c", "- a"]
    assert [*differences(CLOUDFLARE, CLOUDFLARE[::-1])] == []


@pytest.mark.parametrize(
    ("answers", "trusted", "found"),
    [
        (lists(), True, CLOUDFLARE),
        (lists(OVER_4 + "\n", "".join(reversed(OVER_6.splitlines(keepends=True)))), True, CLOUDFLARE),
        (lists(CHANGED), True, (*(one for one in CLOUDFLARE if one != GONE), NEW)),
        ({**lists(), "/ips-v4": (301, "/ips-v4/"), "/ips-v4/": (200, OVER_4)}, True, CLOUDFLARE),
        ({**lists(), "/ips-v4": (302, EVIL), "/ips-v4/": (200, OVER_4)}, True, None),
        ({**lists(), "/ips-v4": (302, PLAIN), PLAIN: (200, OVER_4)}, True, None),
        ({**lists(), "/ips-v6": (503, "later")}, True, None),
        (lists("<html>"), True, None),
        (lists(OVER_4 + "\n" * 70_000), True, None),
        (lists(), False, None),
    ],
    ids=[
        *("the same", "in another order", "changed", "led on", "led to somebody else", "led to plain HTTP"),
        *("half of it", "no list", "endless", "by nobody who is trusted"),
    ],
)
def test_the_list_is_looked_up(
    answers: Answers,
    trusted: bool,
    found: tuple[str, ...] | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with playing(answers, tmp_path, trusted=trusted) as played:
        for name, value in played.environment.items():
            monkeypatch.setenv(name, value)
        looked_up = published.look()
    assert played.asked[0] == "www.cloudflare.com:443"
    assert isinstance(looked_up, Unknown) if found is None else looked_up == found


def settings(**edge: Any) -> dict[str, Any]:
    sites = {"shop.gatehouse.dev": {"routes": {"/": {"redirect": "https://www.gatehouse.dev"}}}}
    return {"acme": {"email": "ops@gatehouse.dev"}, "sites": sites, "edge": {"cloudflare": True, **edge}}


def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: Answers, **edge: Any
) -> tuple[str, list[str]]:
    """Give what a dry run says of Cloudflare before it finds that the host is none, and what was asked."""
    with playing(answers, tmp_path) as played:
        for name, value in played.environment.items():
            monkeypatch.setenv(name, value)
        hosts = {f"@fake/{name}": {**settings(**edge), "fake_delay": 0} for name in ("one", "two")}
        run = pyinfra(hosts, "--dry", yes=False)
    assert "did not say what it is" in run.output
    return "".join(line for line in run.output.splitlines() if "Cloudflare" in line), played.asked


def test_a_run_says_what_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, asked = said(tmp_path, monkeypatch, lists(CHANGED))
    assert line.count(f"changed since {COPIED}, and count as it lists them now: + {NEW}, - {GONE}") == 2
    assert asked.count("/ips-v4") == 1, "asked once for all hosts"


@pytest.mark.slow
def test_a_run_says_that_a_copy_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, _ = said(tmp_path, monkeypatch, lists("<html>"))
    assert line.count(f"is not to be had ({NO_LIST}): the copy of {COPIED} counts") == 2


@pytest.mark.slow
def test_nobody_is_asked_where_the_settings_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(tmp_path, monkeypatch, lists(CHANGED), networks=["192.0.2.0/24"]) == ("", [])


@pytest.mark.lab
@pytest.mark.slow
def test_a_changed_list_is_shown_by_a_dry_run_and_then_believed(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = {"shop.test": {"routes": {"/": {"redirect": "https://www.shop.test"}}}}
    acme = {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/dir"}
    edge = {"cloudflare": True, "only": "firewall"}
    stage = Stage.on(lab, "edge-listed", "13", {"acme": acme, "sites": site, "edge": edge})
    stage.deploy(edge={"cloudflare": True, "networks": CLOUDFLARE, "only": "firewall"}).check()
    with playing(lists(CHANGED), tmp_path) as played:
        for name, value in played.environment.items():
            monkeypatch.setenv(name, value)
        shown = stage.deploy("--dry", "--diff").check().output
        for words in (f"+ {NEW}, - {GONE}", f"+ set_real_ip_from {NEW};", f"- set_real_ip_from {GONE};"):
            assert words in shown
        assert len(stage.deploy().check().changed) == 2  # the proxy's configuration, and the firewall
        assert stage.deploy().check().changed == []
    live = stage.server.run(
        "cat /etc/nginx/gatehouse.d/*/http/edge.conf; nft list table inet gatehouse_edge"
    ).stdout
    assert f"set_real_ip_from {NEW};" in live
    assert NEW in live.partition("table inet")[2]
