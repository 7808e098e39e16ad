"""What is promised of each measurement, all in one place, and what of it a measurement misses."""

from collections.abc import Iterator

from tests.outside.load import Tally
from tests.site.commands import MOST_COMMANDS

DEPLOYS, RATE, REQUESTS = 20, 200, 40_000
"""So many releases, at so many requests a second, of which so many are answered and none fails."""
SLOWER = 1.0
"""Seconds by which an answer may be later than the slowest one at rest."""
RERUN = 1.25
"""How many times as long as pyinfra with one command a run without changes takes at most."""
CPU = {"nginx": 1.1}
"""How much of the processors' time a request may take, next to the least that a configuration by hand takes;
that configuration is nginx's, so the other proxies are measured beside it, and held to nothing."""
FILES = {"nginx": 0.97}
"""How many files a second a proxy gives at least, next to the same."""


def requests(deploys: int, rate: int) -> int:
    """Say how many requests are to be answered during so many releases."""
    return REQUESTS * deploys * rate // (DEPLOYS * RATE)


def of_load(tally: Tally, rest: Tally, least: int = 1) -> Iterator[str]:
    """Say what is not as promised of a load while something went on.

    Args:
        tally: what became of it.
        rest: the same while nothing went on.
        least: how many requests were to be answered.

    """
    if tally.answered < least:
        yield f"{tally.answered:,} answered, not {least:,}" if tally.answered else "nothing was answered"
    if tally.failures:
        yield f"{len(tally.failures):,} failed"
    if tally.slowest > rest.slowest + SLOWER:
        yield f"the slowest took {tally.slowest:.1f} s, at rest {rest.slowest:.1f} s"


def of_proxy(proxy: str, cpu: float, rate: float, *, is_file: bool) -> list[str] | None:
    """Say what is not as promised of a proxy's costs, or None where nothing is promised.

    Args:
        proxy: its name.
        cpu: its processors' time for a request, as a part of what one takes by hand.
        rate: its requests a second, likewise.
        is_file: whether it was asked for a file.

    """
    if proxy not in CPU:
        return None
    missed = [f"{cpu:.2f} times the CPU, not {CPU[proxy]:.2f}"] if cpu > CPU[proxy] else []
    if is_file and rate < FILES[proxy]:
        missed.append(f"{rate:.2f} times the requests, not {FILES[proxy]:.2f}")
    return missed


def of_rerun(commands: int, times: float) -> Iterator[str]:
    """Say what is not as promised of a run without changes.

    Args:
        commands: how many it sent.
        times: how long it took, as a part of what pyinfra with one command takes.

    """
    if commands > MOST_COMMANDS:
        yield f"{commands} commands, not {MOST_COMMANDS}"
    if times > RERUN:
        yield f"{times:.2f} times as long, not {RERUN:.2f}"


def none(count: int) -> list[str]:
    """Say what is not as promised of something that is never to happen."""
    return [f"{count:,}, not 0"] if count else []
