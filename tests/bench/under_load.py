"""What becomes of a steady load while something goes on: one way of measuring, and one table, for all."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from tests.bench import targets
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.lab.waiting import INTERVAL
from tests.outside.load import PATIENCE, Load, Tally

REST = 20.0
"""Seconds of load with nothing going on, for comparison."""
AT_REST = "at rest"


@dataclass(frozen=True)
class Act:
    """Something that goes on under load, step by step, while so many requests at least are answered."""

    name: str
    steps: Sequence[Callable[[], object]]
    least: int = 1


class CutShortError(Exception):
    """Somebody has ended the measurement."""


def begin(report: Report, what: str, by: str, setting: Setting) -> None:
    """Say what a table of loads is about; `by` names what differs."""
    title = f"Debian {setting.debian}, {what}: {setting.rate} requests a second to each, GET and POST in turn"
    report.begin(title, (by, "meanwhile"), ("answered", "failed", "slowest"))


def releasing(setting: Setting, deploy: Callable[[], object], *acts: Act) -> list[Act]:
    """List what goes on, releases first; each of the acts does all of its steps under the same load."""
    deploys = [deploy] * setting.deploys
    return [Act(f"{len(deploys)} deploys", deploys, targets.requests(setting.deploys, setting.rate)), *acts]


def measure(report: Report, loads: Mapping[str, Load], acts: Sequence[Act], rest: float = REST) -> None:
    """Begin loads, and add a row for each with what became of it while nothing went on, and at each act.

    Raises:
        CutShortError: somebody has ended it; there are rows for what went on until then.

    """
    first: dict[str, Tally] = {}
    nothing = Act(AT_REST, [partial(report.over.wait, rest)])
    with ExitStack() as running:
        for load in loads.values():
            running.enter_context(load.running())
        for act in (nothing, *acts):
            for load in loads.values():
                load.so_far()
            is_done = False
            try:
                _perform(report, loads, act)
                is_done = True
            finally:
                for by, load in loads.items():
                    tally = load.so_far()
                    _add(report, by, act, tally, first.setdefault(by, tally), is_done=is_done)


def _perform(report: Report, loads: Mapping[str, Load], act: Act) -> None:
    """Do all steps, then wait until as much has been asked meanwhile as is to be answered."""
    for number, step in enumerate(act.steps, 1):
        report.tell(f"{', '.join(loads)}: {act.name}, {number} of {len(act.steps)}")
        step()
        if report.over.is_set():
            raise CutShortError
    for load in loads.values():
        # What has failed or is late by then is for the table to say.
        patience = PATIENCE + act.least / load.rate
        while load.tally.answered < act.least and patience > 0 and not report.over.wait(INTERVAL):
            patience -= INTERVAL


def _add(report: Report, by: str, act: Act, tally: Tally, rest: Tally, *, is_done: bool) -> None:
    """Add a row, and tell what failed; of what was cut short no more is promised than that nothing did."""
    for failure, count in sorted(Counter(tally.failures).items()):
        report.tell(f"{by}, {act.name}: {count} times {failure}")
    missed = list(targets.of_load(tally, rest, act.least if is_done else 0))
    report.add(
        by,
        act.name if is_done else f"{act.name}, cut short",
        f"{sum(tally.done.values()):,}",
        f"{len(tally.failures):,}",
        f"{tally.slowest * 1000:,.0f} ms",
        missed=missed if missed or is_done else None,
    )
