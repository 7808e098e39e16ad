"""A host that does not answer a question in the middle of a run is not taken for a bare machine."""

import pytest

from tests.provision import pyinfra

SILENT = {"fake_delay": 0, "fake_responses": {"question": {"success": False}}}
TALKING = {"fake_delay": 0, "fake_responses": {"question": "what is there"}}


@pytest.mark.parametrize(
    ("hosts", "acted"),
    [
        ({"@fake/one": TALKING}, ["one"] * 2),
        ({"@fake/one": SILENT}, []),
        ({"@fake/one": SILENT, "@fake/two": TALKING}, ["two"] * 2),
    ],
    ids=["it answers", "it does not", "one of two does not"],
)
def test_only_who_answers_goes_on(hosts: dict[str, dict[str, object]], acted: list[str]) -> None:
    run = pyinfra(hosts, deploy="tests/asking.py")
    said = [line.strip() for line in run.output.splitlines() if " acts on " in line and "a plan" not in line]
    assert sorted(said) == [f"@fake/{name} acts on what is there" for name in acted]
    assert run.code == (SILENT in hosts.values())
    assert "Traceback" not in run.output
