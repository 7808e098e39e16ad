"""The door before the proxy: its rules as they were reviewed.

To take changes over: python -m tests.firewall.test_door.
"""

from pathlib import Path
from typing import Any

import pytest

from deploys.firewall import door
from deploys.load import server_from

GOLDEN = Path(__file__).with_name("edge.nft")
NETWORKS = ["10.0.2.7/32", "10.0.1.0/24", "fd00:1::/64"]
SITES = {"a.test": {"routes": {"/": {"redirect": "https://b.test"}}}}


def server(**edge: Any) -> Any:
    return server_from({"acme": {"email": "ops@example.com"}, "sites": SITES, "edge": edge})


def test_the_rules_are_as_they_were_reviewed() -> None:
    assert door.rules(NETWORKS) == GOLDEN.read_text()


def test_the_order_of_networks_says_nothing_and_other_networks_are_other_rules() -> None:
    assert door.rules(NETWORKS) == door.rules(NETWORKS[::-1]) != door.rules(NETWORKS[:1])


def test_a_version_of_ip_without_networks_is_closed_whole() -> None:
    assert "ip6 saddr" not in door.rules(NETWORKS[:2])
    assert "ip saddr" not in door.rules(NETWORKS[2:])


@pytest.mark.parametrize(
    ("edge", "wanted"),
    [
        ({"addresses": ["10.0.0.0/24"]}, False),
        ({"addresses": ["10.0.0.0/24"], "only": True}, False),
        ({"addresses": ["10.0.0.0/24"], "only": "firewall"}, True),
        ({"cloudflare": True, "only": "firewall"}, True),
    ],
)
def test_there_is_one_on_request(edge: dict[str, Any], wanted: bool) -> None:
    assert door.is_wanted(server(**edge)) == wanted


if __name__ == "__main__":
    GOLDEN.write_text(door.rules(NETWORKS))
