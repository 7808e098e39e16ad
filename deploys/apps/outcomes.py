"""What has become of the apps of a run: one that fails holds up no other."""

import re
from collections import defaultdict
from collections.abc import Iterator

from pyinfra.api.operation import OperationMeta

_STEPS: dict[tuple[str, str], list[OperationMeta]] = defaultdict(list)
"""By host and app: what this run does for it, in order."""

_BEFORE_QUOTES = re.compile(r"(?:; (?:its )?last lines[^;]*)?:$")
"""How a line ends that a program's own words follow."""


def follow(host: str, app: str, step: OperationMeta) -> None:
    """Take note of what is done for an app, which is told that it may go on where the run would end."""
    _STEPS[host, app].append(step)


def has_failed(host: str, app: str) -> bool:
    """Say whether anything that was done for an app has failed by now."""
    return any(_failed(host, app))


def will_change(host: str, app: str) -> bool:
    """Say whether anything is to be done for an app, as far as the plan knows."""
    return any(step.will_change for step in _STEPS[host, app])


def cause(host: str, app: str) -> str | None:
    """Give the first line of what an app failed with, if it did."""
    for step in _failed(host, app):
        line = next(iter(step.stderr_lines), "no reason was given")
        return _BEFORE_QUOTES.sub("", line).removeprefix(f"{app}: ")
    return None


def _failed(host: str, app: str) -> Iterator[OperationMeta]:
    return (step for step in _STEPS[host, app] if step.is_complete() and not step.did_succeed())
