"""What the machine that runs the deploy sees of the challenge, where it knows the lab's names."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.house import House, sites
from tests.lab.clients import Client
from tests.lab.shell import run

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NAME = "www.files.test"
ALIAS = "seen.files.test"


@pytest.fixture
def controller(bare_house: House) -> Client:
    """A machine with a network and names of its own."""
    return bare_house.lab.client("controller")


@contextmanager
def firewall(house: House, what: str, verdict: str) -> Iterator[None]:
    """Have connections to port 80 fail for all but the server itself."""
    inside = ["ip", "netns", "exec", house.lab.layout.namespace(house.server.name), "nft"]
    rules = f"""
        table inet wall {{
            chain input {{
                type filter hook input priority filter
                iifname != "lo" {what} tcp dport 80 {verdict}
            }}
        }}
    """
    run([*inside, "-f", "-"], stdin=rules)
    try:
        yield
    finally:
        run([*inside, "delete", "table", "inet", "wall"])


def more(alias: str) -> dict[str, Any]:
    return {"sites": sites(NAME, aliases=[alias])}


@pytest.mark.parametrize(
    ("verdict", "told"),
    [("drop", "does not answer on port 80"), ("reject with tcp reset", "refuses connections on port 80")],
)
def test_a_firewall_that_the_server_does_not_see(
    bare_house: House, controller: Client, verdict: str, told: str
) -> None:
    address = str(bare_house.server.address)
    bare_house.lab.set_name(ALIAS, address)
    before = bare_house.outside.certificate(NAME)["serialNumber"]
    with firewall(bare_house, "", verdict):
        seen = bare_house.deploy(client=controller, **more(ALIAS))
    assert seen.code != 0
    assert f"{ALIAS}: port closed: {address} {told}; from the server itself all is well" in seen.output
    assert "the CA was not asked" in seen.output
    assert bare_house.outside.certificate(NAME)["serialNumber"] == before

    bare_house.deploy(client=controller, **more(ALIAS)).check()
    assert ("DNS", ALIAS) in bare_house.outside.certificate(NAME)["subjectAltName"]
    bare_house.deploy(client=controller).check()


def test_both_address_families_are_tried(bare_house: House, controller: Client) -> None:
    server = bare_house.server
    both = (str(server.address), str(server.address6))
    bare_house.lab.set_name(ALIAS, str(server.address), str(controller.address6))
    seen = bare_house.deploy(client=controller, **more(ALIAS))
    assert seen.code != 0
    assert f"{ALIAS}: wrong address: {controller.address6} refuses connections on port 80" in seen.output

    bare_house.lab.set_name(ALIAS, *both)
    with firewall(bare_house, "meta nfproto ipv6", "drop"):
        seen = bare_house.deploy(client=controller, **more(ALIAS))
    assert seen.code != 0
    assert f"{ALIAS}: port closed: {server.address6} does not answer on port 80" in seen.output
    assert f"{server.address} does not" not in seen.output

    bare_house.deploy(client=controller, **more(ALIAS)).check()
    assert ("DNS", ALIAS) in bare_house.outside.certificate(NAME)["subjectAltName"]
    bare_house.deploy(client=controller).check()
