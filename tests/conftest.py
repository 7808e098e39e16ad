"""Servers of the lab that tests share, booted once in a session."""

from collections.abc import Iterator

import pytest

from tests.house import House
from tests.lab import Lab
from tests.provision import pyinfra

RELEASES = ("12", "13")


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The checkout's lab; what a session boots there goes with the session."""
    ours = Lab()
    before = {server.name for server in ours.servers()}
    yield ours
    for server in ours.servers():
        if server.name not in before:
            ours.down(server.name)


@pytest.fixture(scope="session")
def houses(lab: Lab) -> dict[str, House]:
    """A server of each release, provisioned in one run as a team does with its fleet."""
    found = {release: House.on(lab, lab.up(f"shared-{release}", debian=release)) for release in RELEASES}
    pyinfra({house.server.name: house.host_data for house in found.values()}).check()
    return found


@pytest.fixture(scope="session", params=RELEASES, ids=lambda release: f"debian-{release}")
def house(request: pytest.FixtureRequest, houses: dict[str, House]) -> House:
    """Each of the provisioned servers in turn; a test leaves it as it was."""
    return houses[request.param]
