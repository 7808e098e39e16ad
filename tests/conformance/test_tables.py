"""Every case of the tables, on every proxy."""

import json
from dataclasses import replace
from importlib import import_module

import pytest

from tests.conformance.cases import Case
from tests.conformance.differences import DIFFERENCES, as_with
from tests.conformance.test_upstreams import MOVES_ON
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


def test_the_suite_has_its_size() -> None:
    assert len(TABLED) >= 150


def test_a_difference_is_one_from_a_case_that_there_is() -> None:
    known = {(table, case.about) for table, case in TABLED} | {MOVES_ON}
    told = [
        (difference.table, about)
        for differences in DIFFERENCES.values()
        for difference in differences
        for about in difference.cases
    ]
    assert [one for one in told if one not in known] == []
