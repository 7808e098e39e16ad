"""The ways from a load balancer to apps: their rules as they were reviewed, and as a kernel takes them.

To take changes over: python -m tests.firewall.test_front.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from deploys.base.machine import Machine
from deploys.firewall import front
from deploys.firewall.onhost import front as onhost
from deploys.firewall.onhost import nft
from deploys.load import server_from
from deploys.proxies.none.proxy import NoProxy
from deploys.routing import routing

GOLDEN = Path(__file__).with_name("front.nft")
SETTINGS: dict[str, Any] = {
    "proxy": "none",
    "edge": {"addresses": ["10.0.1.0/24", "10.0.2.7/32"]},
    "apps": {
        "shop": {
            **{"source": ".", "asgi": "shop:app", "port": 20000},
            "public": {"name": "www.example.com", "port": 8000},
        },
        "cafe": {
            **{"source": ".", "asgi": "cafe:app", "port": 20010},
            "public": {"name": "cafe.example.com", "port": 80},
        },
        "worker": {"source": ".", "asgi": "work:app", "port": 20020},
    },
}
MACHINE = Machine("debian", "13", "trixie", (3, 5), (4, 0), ipv6=True, proxies={})


def told() -> dict[str, Any]:
    """What the program on the host goes by."""
    found = NoProxy().render(routing(server_from(SETTINGS)), MACHINE, {})
    (content,) = found.values()
    settings: dict[str, Any] = json.loads(content)
    return settings


def test_the_rules_are_as_they_were_reviewed() -> None:
    assert told()["rules"] == GOLDEN.read_text()


def test_each_public_port_has_both_slots_of_its_app_and_its_mark() -> None:
    assert told()["ways"] == {
        "80": {
            "b_is_live": "/var/lib/gatehouse/live/cafe-b",
            "slots": {
                "a": {"port": 20010, "served": "/var/lib/gatehouse/history/cafe-a.served"},
                "b": {"port": 20011, "served": "/var/lib/gatehouse/history/cafe-b.served"},
            },
        },
        "8000": {
            "b_is_live": "/var/lib/gatehouse/live/shop-b",
            "slots": {
                "a": {"port": 20000, "served": "/var/lib/gatehouse/history/shop-a.served"},
                "b": {"port": 20001, "served": "/var/lib/gatehouse/history/shop-b.served"},
            },
        },
    }


def test_other_rules_have_another_mark() -> None:
    kinds = ((["10.0.1.0/24"], [80]), (["10.0.2.0/24"], [80]), (["10.0.1.0/24"], [81]))
    marks = {tuple(nft.marks(front.rules(networks, ports))) for networks, ports in kinds}
    assert len(marks) == len(kinds)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([], {}),
        (["a.served"], {8000: 20000}),
        (["b.served"], {}),
        (["a.served", "b.served"], {8000: 20000}),
        (["a.served", "b.served", "b"], {8000: 20001}),
        (["b"], {}),
    ],
)
def test_a_way_leads_to_the_slot_that_has_the_traffic_once_it_has_had_any(
    tmp_path: Path, marks: list[str], expected: dict[int, int]
) -> None:
    for mark in marks:
        (tmp_path / mark).touch()
    served = {slot: str(tmp_path / f"{slot}.served") for slot in "ab"}
    slots = {slot: {"port": 20000 + (slot == "b"), "served": path} for slot, path in served.items()}
    assert onhost.wanted({"8000": {"b_is_live": str(tmp_path / "b"), "slots": slots}}) == expected


if __name__ == "__main__":
    GOLDEN.write_text(told()["rules"])
