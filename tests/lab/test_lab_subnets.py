from ipaddress import IPv4Network, IPv6Network

import pytest

from tests.lab import LabError
from tests.lab.subnets import POOLS, Subnet, choose, first_free, unique_local

ANY = IPv4Network("0.0.0.0/0")


def test_a_lab_is_given_the_same_subnet_each_time() -> None:
    assert choose("a1b2c3", []) == choose("a1b2c3", [])


def test_labs_are_spread_over_the_pool() -> None:
    assert len({choose(f"lab-{number}", []).ipv4 for number in range(20)}) > 10


@pytest.mark.parametrize(
    "taken",
    [
        [],
        ["198.51.100.0/24"],
        ["10.83.0.0/17"],
        ["10.83.0.0/16"],
        ["10.0.0.0/8"],
        ["10.0.0.0/8", "172.16.0.0/12"],
    ],
)
def test_it_overlaps_nothing_taken(taken: list[str]) -> None:
    networks = [IPv4Network(text) for text in taken]
    chosen = choose("a1b2c3", networks).ipv4
    assert chosen.prefixlen == 24
    assert any(chosen.subnet_of(pool) for pool in POOLS)
    assert not any(chosen.overlaps(network) for network in networks)


def test_side_by_side_every_lab_has_its_own() -> None:
    taken: list[IPv4Network] = []
    for _ in range(64):
        taken.append(choose("the same start", taken).ipv4)
    assert len(set(taken)) == 64


def test_a_full_host_is_one_line() -> None:
    with pytest.raises(LabError, match=r"no free /24 for the lab in 10\.83\.0\.0/16"):
        choose("a1b2c3", [ANY])


def test_ipv6_is_unique_local() -> None:
    network = unique_local("a1b2c3")
    assert network.subnet_of(IPv6Network("fd00::/8"))
    assert network.prefixlen == 64
    assert network != unique_local("a1b2c4")


def test_a_number_names_both_addresses() -> None:
    subnet = Subnet(IPv4Network("10.83.7.0/24"), IPv6Network("fd01:2:3::/64"))
    assert str(subnet.address(10)) == "10.83.7.10"
    assert str(subnet.address6(10)) == "fd01:2:3::a"


def test_the_first_free_number() -> None:
    assert first_free(range(10, 200), [10, 11, 13]) == 12
    with pytest.raises(LabError, match="all 2 addresses are in use"):
        first_free(range(1, 3), [1, 2])
