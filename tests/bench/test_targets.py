"""When a measurement is not what is promised."""

from collections import Counter

import pytest

from tests.bench import targets
from tests.outside.load import Tally

REST = Tally(Counter(GET=9), [], 0.5)


@pytest.mark.parametrize(
    ("tally", "least", "expected"),
    [
        (Tally(Counter(GET=5, POST=4), [], 1.5), 9, []),
        (Tally(Counter(GET=5, POST=3, WebSocket=9), [], 0.1), 9, ["8 answered, not 9"]),
        (Tally(Counter(GET=9), ["502", "502"], 0.1), 1, ["2 failed"]),
        (Tally(Counter(GET=9), [], 1.6), 1, ["the slowest took 1.6 s, at rest 0.5 s"]),
        (
            Tally(Counter(GET=30_000), ["502"], 9.0),
            40_000,
            ["30,000 answered, not 40,000", "1 failed", "the slowest took 9.0 s, at rest 0.5 s"],
        ),
        (Tally(), 1, ["nothing was answered"]),
        (Tally(), 0, []),
    ],
)
def test_a_failure_or_a_wait_is_told(tally: Tally, least: int, expected: list[str]) -> None:
    assert list(targets.of_load(tally, REST, least)) == expected


def test_a_failure_at_rest_counts() -> None:
    rest = Tally(Counter(GET=9), ["502"], 0.5)
    assert list(targets.of_load(rest, rest)) == ["1 failed"]


@pytest.mark.parametrize(
    ("deploys", "rate", "expected"), [(20, 200, 40_000), (2, 200, 4_000), (20, 20, 4_000), (1, 1, 10)]
)
def test_of_less_load_as_much_less_is_promised(deploys: int, rate: int, expected: int) -> None:
    assert targets.requests(deploys, rate) == expected


@pytest.mark.parametrize(
    ("proxy", "cpu", "rate", "is_file", "expected"),
    [
        ("nginx", 1.1, 0.97, True, []),
        ("nginx", 1.1, 0.5, False, []),
        ("nginx", 1.12, 1.0, False, ["1.12 times the CPU, not 1.10"]),
        ("nginx", 1.0, 0.96, True, ["0.96 times the requests, not 0.97"]),
        (
            "nginx",
            1.5,
            0.5,
            True,
            ["1.50 times the CPU, not 1.10", "0.50 times the requests, not 0.97"],
        ),
        ("caddy", 4.0, 0.3, True, None),
        ("traefik", 4.0, 0.3, False, None),
    ],
)
def test_what_a_proxy_costs(
    proxy: str, cpu: float, rate: float, *, is_file: bool, expected: list[str] | None
) -> None:
    assert targets.of_proxy(proxy, cpu, rate, is_file=is_file) == expected


@pytest.mark.parametrize(
    ("commands", "times", "expected"),
    [
        (1, 1.25, []),
        (2, 1.0, ["2 commands, not 1"]),
        (1, 1.27, ["1.27 times as long, not 1.25"]),
        (4, 2.0, ["4 commands, not 1", "2.00 times as long, not 1.25"]),
    ],
)
def test_what_a_rerun_costs(commands: int, times: float, expected: list[str]) -> None:
    assert list(targets.of_rerun(commands, times)) == expected


@pytest.mark.parametrize(("count", "expected"), [(0, []), (1200, ["1,200, not 0"])])
def test_what_is_never_to_happen(count: int, expected: list[str]) -> None:
    assert targets.none(count) == expected
