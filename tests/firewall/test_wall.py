"""The rules of apps, and when they count as in force. No server is needed."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.base.files import File
from deploys.firewall.onhost import nft
from deploys.firewall.operations import Found, change, question
from deploys.firewall.wall import LOADER, Wall, walls
from deploys.load import server_from
from deploys.places.apps import AppPlaces

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)
NUMBERS = {"root": 0, "www-data": 33, "app-shop": 995, "app-cafe": 994}
CAFE, SHOP = Wall(AppPlaces("cafe", 20000)), Wall(AppPlaces("shop", 20002))
NO_TABLE = {"there": False, "apps": {}}


def as_found(file: File) -> dict[str, Any]:
    return {"digest": file.digest, "mode": file.mode, "owner": file.owner, "group": file.group}


def provisioned(*there: Wall, **changes: Any) -> Found:
    """What a host has after a run with these walls, but for some of it."""
    files = [LOADER, *(file for wall in there for file in wall.files(NUMBERS))]
    apps = {wall.app: {"ports": wall.ports, "in_force": True, "enabled": True} for wall in there}
    found: dict[str, Any] = {
        "files": {file.path: as_found(file) for file in files},
        "apps": apps,
        "users": NUMBERS,
        "former": NO_TABLE,
        "present": [wall.app for wall in there],
    }
    return Found(**(found | changes))


def loaded(found: Found, *wanted: Wall) -> list[str]:
    return [wall.app for wall in change(wanted, found).walls]


def without(apps: dict[str, Any], app: str, **changes: bool) -> dict[str, Any]:
    return apps | {app: apps[app] | changes}


APPS = dict(provisioned(CAFE, SHOP).apps)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (provisioned(CAFE, SHOP), []),
        (Found(), ["cafe", "shop"]),
        (provisioned(CAFE), ["shop"]),
        (provisioned(CAFE, SHOP, apps=without(APPS, "shop", in_force=False)), ["shop"]),
        (provisioned(CAFE, SHOP, apps=without(APPS, "shop", enabled=False)), ["shop"]),
        (provisioned(CAFE, SHOP, users=NUMBERS | {"app-shop": 1001}), ["shop"]),
        (provisioned(CAFE, SHOP, users=NUMBERS | {"www-data": 34}), ["cafe", "shop"]),
        (provisioned(CAFE, SHOP, users=NUMBERS | {"app-shop": None}), ["shop"]),
    ],
    ids=["all", "nothing", "one", "flushed", "not at boot", "new number", "new proxy", "no user"],
)
def test_what_is_not_in_force_is_loaded_and_nothing_else(found: Found, expected: list[str]) -> None:
    assert loaded(found, CAFE, SHOP) == expected
    assert bool(change([CAFE, SHOP], found)) == bool(expected)


def test_each_file_stands_alone() -> None:
    for wall, other in ((CAFE, SHOP), (SHOP, CAFE)):
        rules = wall.rules(NUMBERS)
        assert nft.table_of(wall.app) in rules
        assert nft.table_of(other.app) not in rules
        assert str(NUMBERS[other.places.user]) not in rules


def test_users_are_numbers_so_that_a_name_that_is_gone_keeps_nothing_from_loading() -> None:
    (rules, _) = SHOP.files(NUMBERS)
    lines = [line for line in rules.content.splitlines() if not line.startswith("#")]
    assert not [line for line in lines if "app-shop" in line or "www-data" in line]


def test_each_rule_bears_the_digest_of_them_all() -> None:
    rules = SHOP.rules(NUMBERS)
    wanted = r"(accept|reject|reject with tcp reset|jump \w+) comment \"(gatehouse [0-9a-f]{12})\"$"
    found = re.findall(wanted, rules, re.MULTILINE)
    acting = [line for line in rules.splitlines() if re.search(r"\b(accept|reject|jump)\b.*[^;]$", line)]
    assert len(found) == len([line for line in acting if not line.startswith("#")])
    assert len({mark for _, mark in found}) == 1
    other = SHOP.rules(NUMBERS | {"app-shop": 1001})
    assert not {mark for _, mark in found} & {mark for _, mark in re.findall(wanted, other, re.MULTILINE)}


@given(st.sets(NAMES, min_size=2))
def test_no_two_apps_share_a_table(names: set[str]) -> None:
    tables = {nft.table_of(name) for name in names}
    assert len(tables) == len(names)
    assert all(re.fullmatch(r"gatehouse_app_[a-z0-9_]+", table) for table in tables)


@pytest.mark.parametrize(
    ("present", "wanted", "gone"),
    [
        (["cafe", "shop"], [SHOP], []),
        (["shop"], [SHOP], ["cafe"]),
        (["cafe", "shop"], [Wall(AppPlaces("shop", 20001))], ["cafe"]),
    ],
    ids=["kept until it is removed", "removed by hand", "its port is another's"],
)
def test_an_app_no_longer_wanted(present: list[str], wanted: list[Wall], gone: list[str]) -> None:
    found = provisioned(CAFE, SHOP, present=present)
    assert list(change(wanted, found).gone) == gone


def test_an_app_no_longer_wanted_is_closed_off_again_after_a_flush() -> None:
    found = provisioned(CAFE, SHOP, apps=without(APPS, "cafe", in_force=False))
    assert change([SHOP], found).again == ["cafe"]


@pytest.mark.parametrize(
    ("former", "present", "expected"),
    [
        ({"cafe": 20000, "shop": 20002}, ["cafe", "shop"], ["shop", "cafe"]),
        ({"cafe": 20000, "shop": 20002}, ["shop"], ["shop"]),
        ({"cafe": 20001, "shop": 20002}, ["cafe", "shop"], ["shop"]),
    ],
    ids=["both", "one is gone", "its port is another's"],
)
def test_what_the_former_table_closed_stays_closed(
    former: dict[str, int], present: list[str], expected: list[str]
) -> None:
    found = Found(users=NUMBERS, former={"there": True, "apps": former}, present=present)
    assert loaded(found, SHOP) == expected
    assert change([SHOP], found).former


def test_an_app_that_is_reached_lets_that_one_in() -> None:
    app = {"source": ".", "asgi": "m:app"}
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {
            "cafe": app | {"port": 20000},
            "shop": app | {"port": 20002, "reach": ["cafe", "postgres"]},
        },
        "sites": {f"{app}.example.com": {"routes": {"/": {"app": app}}} for app in ("cafe", "shop")},
    }
    cafe, shop = walls(server_from(settings))
    assert "meta skuid != { 0, 33, 994, 995 }" in cafe.rules(NUMBERS)
    assert "meta skuid != { 0, 33, 995 }" in shop.rules(NUMBERS)
    assert "tcp dport { 5432, 20000, 20001, 20002, 20003 } accept" in shop.rules(NUMBERS)
    assert "tcp dport { 20000, 20001 } accept" in cafe.rules(NUMBERS)
    assert question([cafe, shop], contents=False)["users"] == ["app-cafe", "app-shop", "root", "www-data"]


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (
            "http://127.0.0.1:3141/simple",
            "ip daddr 127.0.0.1/32 meta l4proto { tcp, udp } th dport 3141 accept",
        ),
        ("https://[fd00::5]/simple", "ip6 daddr fd00::5/128 meta l4proto { tcp, udp } th dport 443 accept"),
        ("http://localhost:3141/", "ip6 daddr ::1/128 meta l4proto { tcp, udp } th dport 3141 accept"),
        ("https://pypi.example.com/simple", None),
    ],
)
def test_an_index_at_an_address_can_be_reached(index: str, expected: str | None) -> None:
    app = {"source": ".", "asgi": "m:app", "indexes": {"extra": [index]}}
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": app},
        "sites": {"example.com": {"routes": {"/": {"app": "shop"}}}},
    }
    (wall,) = walls(server_from(settings))
    assert (expected or "th dport 53 accept") in wall.rules(NUMBERS)
    assert bool(wall.indexes) == (expected is not None)


@pytest.mark.parametrize("edge", [None, {"addresses": ["10.0.0.0/8"]}, {"cloudflare": True}])
def test_an_app_that_comes_from_the_machines_own_address_is_no_front(edge: dict[str, Any] | None) -> None:
    settings = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {"source": "shop", "asgi": "shop:app"}},
        "sites": {"example.com": {"routes": {"/": {"app": "shop"}}}},
        **({"edge": edge} if edge else {}),
    }
    (wall,) = walls(server_from(settings))
    before, _, _ = wall.rules(NUMBERS).partition("th dport { 80, 443 } accept")
    closed = "fib daddr type local jump refuse" in before
    assert closed == (edge is not None), "expected its own sites to be open to it but behind a front"


def test_nothing_is_connected_to_by_a_listener_that_is_roots() -> None:
    rules = SHOP.rules(NUMBERS)
    first = rules.index("tcp sport { 20002, 20003 } reject")
    assert first < rules.index("meta skuid"), "expected it before anything is let in for whom it is from"
