"""When the measurement of releases is not what is promised."""

from collections import Counter

import pytest

from tests.bench.releases import shortfalls
from tests.outside.load import Tally

REST = Tally(Counter(GET=9), [], 0.5)


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(Counter(GET=9), [], 1.5), []),
        (Tally(Counter(GET=9), ["502", "502"], 0.1), ["deploys: 2 failed"]),
        (Tally(Counter(GET=9), [], 1.6), ["deploys: the slowest took 1.6 s, at rest 0.5 s"]),
        (Tally(), ["deploys: nothing was answered"]),
    ],
)
def test_a_failure_or_a_wait_is_told(tally: Tally, expected: list[str]) -> None:
    assert list(shortfalls({"at rest": REST, "deploys": tally})) == expected


def test_a_failure_at_rest_counts() -> None:
    assert list(shortfalls({"at rest": Tally(Counter(GET=9), ["502"], 0.5)})) == ["at rest: 1 failed"]
