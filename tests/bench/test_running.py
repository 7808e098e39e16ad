"""Parts that are taken one after another: their tables, and the exit code."""

import io
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

import pytest
from rich.console import Console

from tests.bench.report import Report
from tests.bench.running import Part, run, side_by_side


def _row(report: Report, name: str, *missed: str) -> None:
    report.begin("A table", ("name",), ("count",))
    report.add(name, "7", missed=missed)


def good(report: Report) -> None:
    _row(report, "good")


def over(report: Report) -> None:
    _row(report, "over", "7, not 0")


def unmeasured(report: Report) -> None:
    report.begin("A table", ("name",), ("count",))


def broken(report: Report) -> None:
    _row(report, "before")
    raise AssertionError("pyinfra ended with 1:\nand more")


def by_hand(report: Report) -> None:
    _row(report, "so far")
    raise KeyboardInterrupt


def free(report: Report) -> None:
    report.begin("A table", ("name",), ("count",))
    report.add("free", "7", missed=None)


def lanes(report: Report) -> None:
    jobs: dict[str, Callable[[], None]] = {
        "one": lambda: broken(report),
        "two": lambda: _row(report, "two"),
        "three": lambda: _row(report, "three"),
    }
    side_by_side(report, jobs, 2)


CASES: Sequence[tuple[list[Part], int, list[str], list[str]]] = [
    ([good], 0, ["good 7 yes", "All is as promised."], []),
    ([free], 0, ["free 7", "All is as promised."], []),
    ([over, good], 1, ["over 7 7, not 0", "good 7 yes", "over: over: 7, not 0"], ["All is as promised."]),
    ([good, over], 1, ["good 7 yes", "over 7 7, not 0"], ["All is as promised."]),
    ([unmeasured, good], 1, ["unmeasured: nothing was measured", "good 7 yes"], []),
    (
        [broken, good],
        1,
        ["before 7 yes", "broken: AssertionError: pyinfra ended with 1", "good 7 yes"],
        [],
    ),
    ([by_hand, good], 130, ["so far 7 yes", "by_hand: ended by hand"], ["good 7 yes", "All is as promised."]),
    (
        [lanes, good],
        1,
        ["two 7 yes", "three 7 yes", "lanes: one: AssertionError: pyinfra ended with 1", "good 7 yes"],
        ["All is as promised."],
    ),
]


@pytest.mark.parametrize(
    ("parts", "code", "there", "absent"), CASES, ids=[" ".join(p.__name__ for p in c[0]) for c in CASES]
)
def test_what_is_told_at_the_end(parts: list[Part], code: int, there: list[str], absent: list[str]) -> None:
    written = io.StringIO()
    assert run({part.__name__: part for part in parts}, Console(file=written, width=130)) == code
    lines = [" ".join(line.replace("│", " ").split()) for line in written.getvalue().splitlines()]
    assert [line for line in there if line not in lines] == [], "\n".join(lines)
    assert [line for line in absent if line in lines] == []


def test_rows_that_begin_alike_stand_together_as_they_came() -> None:
    told: list[str] = []
    report = Report("part", told.append)
    report.begin("A table", ("by", "meanwhile"), ("failed",))
    for by, meanwhile in (("b", "rest"), ("a", "rest"), ("b", "deploys"), ("a", "deploys")):
        report.add(by, meanwhile, "0", missed=())
    assert [row.cells[:2] for row in report.rows] == [
        ("b", "rest"),
        ("b", "deploys"),
        ("a", "rest"),
        ("a", "deploys"),
    ]
    assert told[-1].endswith("part: a, deploys: failed 0")


ENDED = """
import signal, sys
from rich.console import Console
from tests.bench.running import run, side_by_side

def part(report):
    report.begin("A table", ("name",), ("count",))
    def job():
        try:
            print("begun", flush=True)
            assert report.over.wait(60)
            raise AssertionError("what was under way")
        finally:
            report.add("so far", "7", missed=None)
    side_by_side(report, {"one": job, "two": job}, 1)

# As the bench has it; whoever runs the tests may pass the other one over, or keep it back.
signal.signal(signal.SIGTERM, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_SETMASK, ())
sys.exit(run({"part": part}, Console()))
"""


def test_a_signal_lets_what_is_under_way_end_and_begins_nothing_more() -> None:
    process = subprocess.Popen([sys.executable, "-c", ENDED], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "begun\n"
    process.terminate()
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 130, output
    assert output.count("part: so far: count 7") == 1
    assert output.rindex("so far") > output.index("as promised"), "expected a row of the table"
    assert "begun" not in output
    assert "what was under way" not in output
    assert "part: ended by hand" in output


def test_so_many_jobs_are_beside_each_other() -> None:
    report = Report("part", lambda line: None)
    both = threading.Barrier(2, timeout=60)

    def job() -> None:
        both.wait()

    side_by_side(report, {"one": job, "two": job}, 2)
    assert report.missed == []
