from pathlib import Path

import pytest

from tests.lab import LabError
from tests.lab.layout import CHECKOUT, STATE_VARIABLE, Layout, checked_name
from tests.lab.subnets import CLIENTS, SERVERS

ONE, OTHER = Layout(Path("/srv/one/.lab")), Layout(Path("/srv/other/.lab"))


def test_two_checkouts_share_no_name() -> None:
    assert {ONE.bridge, ONE.veth(10), ONE.namespace("web"), ONE.table, ONE.mac(10)}.isdisjoint(
        {OTHER.bridge, OTHER.veth(10), OTHER.namespace("web"), OTHER.table, OTHER.mac(10)}
    )


@pytest.mark.parametrize("number", [*SERVERS, *CLIENTS])
def test_a_link_has_a_name_the_kernel_takes(number: int) -> None:
    assert len(ONE.veth(number)) <= 15


def test_a_hardware_address_is_local_and_its_own() -> None:
    addresses = [ONE.mac(number) for number in range(1, 250)]
    assert len(set(addresses)) == len(addresses)
    assert all(int(address[:2], 16) & 0b11 == 0b10 for address in addresses)


def test_the_state_is_in_the_checkout_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE_VARIABLE, raising=False)
    assert Layout.of().state == CHECKOUT / ".lab"
    monkeypatch.setenv(STATE_VARIABLE, "/srv/two/.lab")
    assert Layout.of().state == Path("/srv/two/.lab")
    assert Layout.of(Path("/srv/three")).state == Path("/srv/three")


@pytest.mark.parametrize("name", ["web", "web-1", "w", "a" * 32])
def test_a_good_name_is_taken(name: str) -> None:
    assert checked_name(name, "server") == name


@pytest.mark.parametrize(
    "name", ["", "Web", "1web", "-web", "web-", "we b", "../web", "web.lab", "a" * 33, "wéb"]
)
def test_a_bad_name_is_refused_in_one_line(name: str) -> None:
    with pytest.raises(LabError, match=r"server .* for example web-1"):
        checked_name(name, "server")
