"""Which addresses a lab uses; pure."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from tests.lab.errors import LabError

# A second and a third pool for hosts that route the whole of 10.0.0.0/8 elsewhere.
POOLS = (IPv4Network("10.83.0.0/16"), IPv4Network("172.29.0.0/16"), IPv4Network("192.168.128.0/17"))

HOST = 1
CA = 2
SERVERS = range(10, 200)
CLIENTS = range(200, 250)


@dataclass(frozen=True)
class Subnet:
    """The lab's network; everything on it is named by a number."""

    ipv4: IPv4Network
    ipv6: IPv6Network

    def address(self, number: int) -> IPv4Address:
        return self.ipv4[number]

    def address6(self, number: int) -> IPv6Address:
        return self.ipv6[number]

    @property
    def width(self) -> int:
        return self.ipv4.prefixlen

    @property
    def width6(self) -> int:
        return self.ipv6.prefixlen


def choose(lab: str, taken: Iterable[IPv4Network]) -> Subnet:
    """The first subnet that overlaps nothing taken, looked for from a place of the lab's own."""
    used = list(taken)
    for candidate in _candidates(lab):
        if not any(candidate.overlaps(other) for other in used):
            return Subnet(candidate, unique_local(lab))
    msg = "no free /24 for the lab in " + ", ".join(str(pool) for pool in POOLS)
    raise LabError(msg)


def unique_local(lab: str) -> IPv6Network:
    """A /64 whose 40 random bits (RFC 4193) come from the lab's id."""
    bits = hashlib.sha256(lab.encode()).digest()[:5]
    return IPv6Network((bytes([0xFD]) + bits + bytes(10), 64))


def first_free(numbers: range, taken: Iterable[int]) -> int:
    used = set(taken)
    for number in numbers:
        if number not in used:
            return number
    msg = f"all {len(numbers)} addresses are in use"
    raise LabError(msg)


def _candidates(lab: str) -> Iterator[IPv4Network]:
    start = int(hashlib.sha256(lab.encode()).hexdigest(), 16)
    for pool in POOLS:
        subnets = list(pool.subnets(new_prefix=24))
        first = start % len(subnets)
        yield from subnets[first:]
        yield from subnets[:first]
