"""Another health path is asked for of what runs, which goes on whatever it answers, before it counts."""

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = pytest.mark.lab

MISSING = """
whole = app
async def app(scope, receive, send):
    if scope.get("path") == "/missing":
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"no such page"})
    else:
        await whole(scope, receive, send)
"""


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("asked")
    workshop.says("first", MISSING)
    workshop.deploy().check()
    return workshop


def health(path: str, **more: int) -> dict[str, object]:
    return {"path": path, "timeout": 3, "settle": 0, **more}


WRONG = {"a path that is not there": health("/missing"), "another status": health("/health", status=204)}


@pytest.mark.parametrize("case", WRONG)
def test_one_that_does_not_fit_fails_the_run_and_changes_nothing(workshop: Workshop, case: str) -> None:
    before = workshop.answer()
    settings = WRONG[case]
    for _ in range(2):
        run = workshop.deploy(health=settings)
        assert run.code == 1, run.output
        status = 404 if case.startswith("a path") else 200
        line = (
            f"not healthy within 3 s: GET {settings['path']}: status {status}; it goes on as it is: correct"
        )
        assert line in run.output
        assert workshop.answer() == before
    assert workshop.deploy().check().changed == []


def test_one_that_fits_counts_from_then_on(workshop: Workshop) -> None:
    before = workshop.answer()
    run = workshop.deploy(health=health("/")).check()
    assert run.changed == [f"Release {workshop.name}"]
    assert "in slot a for /, its health path now" in run.output
    assert workshop.answer() == before
    assert workshop.deploy(health=health("/")).check().changed == []
    workshop.deploy().check()


def test_how_long_it_may_take_is_asked_of_the_next_release_alone(workshop: Workshop) -> None:
    assert workshop.deploy(health={"path": "/health", "timeout": 45, "settle": 2}).check().changed == []


@pytest.mark.slow
def test_what_a_rollback_has_brought_back_is_not_asked(workshop: Workshop) -> None:
    workshop.says("second", MISSING)
    workshop.deploy(health=health("/other")).check()
    workshop.deploy(deploy="deploys/rollback.py").check()
    run = workshop.deploy(health=health("/other"))
    assert "was rolled back from" in run.output
    assert "its health path now" not in run.output
    assert workshop.answer()["words"] == "first"
    workshop.deploy("--data", "again=yes").check()
