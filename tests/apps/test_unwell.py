"""What is said of a release that answers its health path with something else than it should."""

import pytest

from deploys.apps.onhost import health

HEALTH = {"path": "/", "status": None, "timeout": 30, "host": "www.example.com"}


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        ("status 404", "set health to a path that it answers"),
        ("status 405", "set health to a path that it answers"),
        ("status 400", "if it checks its hosts, as Django does by ALLOWED_HOSTS, add www.example.com"),
        ("status 401", "if that is right, set health to a status of 401"),
        ("status 403", "if that is right, set health to a status of 403"),
        ("no answer", "if its start takes longer, set health to a longer timeout"),
        ("status 500", ""),
        ("it has stopped after its answer", ""),
    ],
)
def test_a_remedy_is_told_where_the_answer_may_be_right(answer: str, remedy: str) -> None:
    assert health.remedy(HEALTH, answer) == remedy
