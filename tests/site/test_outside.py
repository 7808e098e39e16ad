"""A freshly provisioned server, as its users see it."""

from collections.abc import Callable

import pytest

from tests.house import House
from tests.outside.client import Outside
from tests.outside.proofs import PROOFS

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("proof", PROOFS, ids=lambda proof: proof.__name__)
def test_seen_from_outside(house: House, proof: Callable[[Outside], str]) -> None:
    proof(house.outside)


def test_the_app_listens_inside_where_nothing_answers_outside(house: House) -> None:
    listening = house.server.run("ss -Hltn").stdout
    ports = house.outside.app_ports
    assert any(f"127.0.0.1:{port} " in listening for port in ports), listening
