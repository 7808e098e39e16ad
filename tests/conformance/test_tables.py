"""Every case of the tables, on every proxy."""

import json
from importlib import import_module

import pytest

from tests.conformance.cases import Case
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
CASES = [
    pytest.param(case, id=f"{table}: {case.about}")
    for table in TABLES
    for case in import_module(f"tests.conformance.tables.{table}").CASES
]

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("case", CASES)
def test_case(stage: Stage, case: Case) -> None:
    case.check(stage.wire.send(case.request), stage.client)
    if case.never:
        log = json.loads(stage.wire.send(Request("/log", headers=(("X-Do", "log"),))).body)
        assert not [entry for entry in log if case.never in entry["line"]]


def test_the_suite_has_its_size() -> None:
    assert len(CASES) >= 150
