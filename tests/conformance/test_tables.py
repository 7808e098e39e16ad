"""Every case of the tables, on every proxy."""

import json
import re
import ssl
from contextlib import suppress
from dataclasses import replace
from importlib import import_module

import pytest

from tests.conformance.cases import Case
from tests.conformance.difference import raw
from tests.conformance.differences import DIFFERENCES, as_with, instead
from tests.conformance.test_errors import MALFORMED
from tests.conformance.test_limits import OF_TWO_SITES
from tests.conformance.test_upstreams import BREAKS_OFF, MOVES_ON
from tests.conformance.wire import Request
from tests.proxies.stage import Stage

TABLES = (
    "redirects",
    "challenges",
    "names",
    "forwarded",
    "routes",
    "files",
    "pages",
    "answers",
    "sizes",
    "smuggling",
)
NEEDS = dict.fromkeys(("files", "pages"), ("sites.*.routes.*.files",))
"""What all cases of a table are about."""
TABLED: list[tuple[str, Case]] = [
    (table, replace(case, needs=(*case.needs, *NEEDS.get(table, ()))))
    for table in TABLES
    for case in import_module(f"tests.conformance.tables.{table}").CASES
]

pytestmark = pytest.mark.lab


@pytest.mark.parametrize(
    ("table", "case"), [pytest.param(*one, id=f"{one[0]}: {one[1].about}") for one in TABLED]
)
def test_case(stage: Stage, table: str, case: Case) -> None:
    case = as_with(stage.proxy.name, table, case)
    case.check(stage.wire.send(case.request), stage.client)
    if case.never:
        log = json.loads(stage.wire.send(Request("/log", headers=(("X-Do", "log"),))).body)
        assert not [entry for entry in log if case.never in entry["line"]]


FOLLOWS = ("smuggling", "what follows a body of two lengths")


def test_what_follows_two_lengths_is_a_request_of_its_own(stage: Stage) -> None:
    """A proxy may go on with it, where the app got the body that the proxy has read, and no other."""
    two = b"POST /x HTTP/1.1|Host: shop.test|Content-Length: 4|Transfer-Encoding: chunked"
    following = b"0\r\n\r\nGET /follows HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n"
    received = b""
    with stage.wire.connect("shop.test") as link, suppress(ConnectionError, ssl.SSLError):
        link.sendall(raw(two, following).bytes())
        while more := link.recv(65536):
            received += more
    said = received.decode("latin-1")
    answers = re.findall(r"HTTP/1\.1 (\d{3}) ", said)
    assert answers == instead(stage.proxy.name, *FOLLOWS).get("answers", ["400"])
    seen = re.findall(r'"line": "([A-Z]+ /[a-z]+) .*?"length": (\d+)', said)
    assert seen == [("POST /x", "0"), ("GET /follows", "0")][: answers.count("200")]


def test_the_suite_has_its_size() -> None:
    assert len(TABLED) >= 150


def test_a_difference_is_one_from_a_case_that_there_is() -> None:
    known = {(table, case.about) for table, case in TABLED} | {
        MOVES_ON,
        BREAKS_OFF,
        MALFORMED,
        FOLLOWS,
        OF_TWO_SITES,
    }
    told = [
        (difference.table, about)
        for differences in DIFFERENCES.values()
        for difference in differences
        for about in difference.cases
    ]
    assert [one for one in told if one not in known] == []
