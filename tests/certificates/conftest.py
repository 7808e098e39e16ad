"""A server with nothing but files on its sites, which the tests of this folder share."""

from collections.abc import Iterator

import pytest

from tests.certificates.endpoints import Endpoint, endpoint
from tests.house import House
from tests.lab import Lab


@pytest.fixture(scope="session")
def bare_house(lab: Lab) -> House:
    """A server that serves files on one site, with a certificate from the CA."""
    found = House.on(lab, lab.up("files", debian="13"), apps={}, sites=sites("www.files.test"))
    found.deploy().check()
    return found


@pytest.fixture
def listener(bare_house: House) -> Iterator[Endpoint]:
    """An HTTP endpoint outside the server that keeps what is posted to it."""
    with endpoint(bare_house.outside.own_address()) as found:
        yield found


def sites(*domains: str, **more: object) -> dict[str, object]:
    """Make the settings of sites that serve a folder."""
    return {domain: {"routes": {"/": {"files": "/srv/www"}}, **more} for domain in domains}
