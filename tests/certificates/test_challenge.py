"""Why the CA would not find the challenge, from what the server and the controller saw."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.certificates.challenge import problems

OWN = ["192.0.2.7", "2001:db8::7"]
PRIVATE = ["10.0.0.7"]
NONE = "no address: DNS has neither an A nor an AAAA record for it"


@pytest.mark.parametrize(
    ("server", "controller", "own", "expected"),
    [
        ({"192.0.2.7": "ok"}, {}, OWN, None),
        ({"192.0.2.7": "ok"}, {"192.0.2.7": "no route"}, OWN, None),
        # To itself a server goes past the firewall in front of it.
        (
            {"192.0.2.7": "ok"},
            {"192.0.2.7": "silent"},
            OWN,
            "port closed: 192.0.2.7 does not answer on port 80; from the server itself all is well: "
            "is there a firewall in front?",
        ),
        ({}, {"192.0.2.7": "ok"}, OWN, None),
        ({}, {}, OWN, NONE),
        # A server behind NAT does not always reach its own public address.
        ({"93.184.216.34": "refused"}, {"93.184.216.34": "ok"}, PRIVATE, None),
        ({"93.184.216.34": "ok"}, {"93.184.216.34": "silent"}, PRIVATE, None),
        (
            {"93.184.216.34": "silent"},
            {},
            PRIVATE,
            "port closed: 93.184.216.34 does not answer on port 80",
        ),
        ({"192.0.2.7": "refused"}, {}, OWN, "port closed: 192.0.2.7 refuses connections on port 80"),
        (
            {"198.51.100.1": "refused"},
            {},
            ["203.0.113.9"],
            "wrong address: 198.51.100.1 refuses connections on port 80; this server has 203.0.113.9",
        ),
        (
            {"192.0.2.7": "status 404"},
            {},
            OWN,
            "wrong answer: 192.0.2.7 answers port 80 with status 404 instead of the token",
        ),
        # Without IPv6 here and there, nothing is known against the AAAA record.
        ({"192.0.2.7": "ok", "2001:db8::7": "no route"}, {"2001:db8::7": "no route"}, OWN, None),
        (
            {"192.0.2.7": "ok", "2001:db8::9": "silent"},
            {"192.0.2.7": "ok", "2001:db8::9": "no route"},
            OWN,
            "wrong address: 2001:db8::9 does not answer on port 80; this server has 192.0.2.7, 2001:db8::7",
        ),
    ],
)
def test_a_problem_is_told(
    server: dict[str, str], controller: dict[str, str], own: list[str], expected: str | None
) -> None:
    found = problems(["a.test"], {"a.test": server}, {"a.test": controller}, own)
    assert found == ({"a.test": expected} if expected else {})


ADDRESSES = st.ip_addresses().map(str)
OUTCOMES = st.dictionaries(
    ADDRESSES, st.sampled_from(["ok", "refused", "silent", "no route", "status 404"]), max_size=3
)


@given(server=OUTCOMES.filter(bool), own=st.lists(ADDRESSES, max_size=3))
def test_what_the_controller_reached_is_no_problem(server: dict[str, str], own: list[str]) -> None:
    reached = dict.fromkeys(server, "ok")
    assert not problems(["a.test"], {"a.test": server}, {"a.test": reached}, own)


@given(controller=OUTCOMES.filter(bool), own=st.lists(ADDRESSES, max_size=3))
def test_what_the_server_reached_beyond_itself_is_no_problem(
    controller: dict[str, str], own: list[str]
) -> None:
    reached = dict.fromkeys(controller, "ok")
    others = [address for address in own if address not in reached]
    assert not problems(["a.test"], {"a.test": reached}, {"a.test": controller}, others)


@given(inside=OUTCOMES, address=ADDRESSES, outside=st.sampled_from(["refused", "silent", "status 404"]))
def test_what_the_controller_does_not_reach_is_a_problem_whatever_the_server_says_of_itself(
    inside: dict[str, str], address: str, outside: str
) -> None:
    found = problems(["a.test"], {"a.test": inside}, {"a.test": {address: outside}}, [address, *inside])
    assert address in found["a.test"]
