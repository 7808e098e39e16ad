"""Where a proxy does not do what the cases say, and why: each is tried as it is told here, and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.conformance.cases import Case


@dataclass(frozen=True)
class Difference:
    """What a proxy does instead, in some cases of a table."""

    table: str
    cases: tuple[str, ...]
    """What the cases are about, each as it says itself."""
    reason: str
    instead: Mapping[str, Any] = field(default_factory=dict)
    """The fields of a case that differ."""


DIFFERENCES: Mapping[str, tuple[Difference, ...]] = {}
"""By the proxy's name."""


def as_with(proxy: str, table: str, case: Case) -> Case:
    """Give a case as it is with a proxy."""
    for difference in DIFFERENCES.get(proxy, ()):
        if difference.table == table and case.about in difference.cases:
            return replace(case, **difference.instead)
    return case
