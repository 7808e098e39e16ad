"""What each proxy can do, from the tables that refuse and try it: python -m tests.conformance.published."""

from collections.abc import Iterator

from deploys.proxies.table import PROXIES
from tests.conformance.differences import DIFFERENCES
from tests.proxies.stage import PROXYING

_HEAD = """\
# What each proxy can do

Which settings a proxy refuses, and what it answers differently from the others. `proxy` is nginx unless you
choose another one; all render the same settings, and `tests/conformance` asks them all the same. `none` is no
proxy at all: [a load balancer](none.md) before the server does what one would.
This page is written by `python -m tests.conformance.published`, from the tables by which settings are refused
and cases are tried.

## Settings that a proxy refuses

A run ends with the line before anything is changed. What is in neither table works with all of them.
"""
_CONDITIONS = """\
| proxy | refused | why |
|---|---|---|"""
_DIFFERENCES = """\
## What a proxy answers differently

What else the suite asks is answered alike.
"""


def page() -> str:
    """Write the page."""
    return "\n".join([_HEAD, *_lacks(), "", *_conditions(), "", _DIFFERENCES, *_differences()]) + "\n"


def _lacks() -> Iterator[str]:
    # What takes no sites takes none of their settings, and has no column.
    proxies = PROXYING.values()
    settings = sorted({setting for proxy in proxies for setting in proxy.lacks})
    yield f"| setting | {' | '.join(PROXYING)} | why |"
    yield f"|---|{'---|' * len(PROXYING)}---|"
    for setting in settings:
        cells = ["no" if setting in proxy.lacks else "yes" for proxy in proxies]
        reasons = [f"{proxy.lacks[setting]}." for proxy in proxies if setting in proxy.lacks]
        yield f"| {_meant(setting)} | {' | '.join(cells)} | {' '.join(reasons)} |"


def _meant(pattern: str) -> str:
    """Write a pattern as the reference of the settings does."""
    words = pattern.split(".")
    groups = ["`<name>`" if word == "*" else f"`{word}`" for word in words[:-1]]
    last = f"any but `{words[-1][1:]}`" if words[-1].startswith("!") else f"`{words[-1]}`"
    return " → ".join([*groups, last])


def _conditions() -> Iterator[str]:
    yield _CONDITIONS
    for name, proxy in PROXIES.items():
        lacks = {f"`{key}`": why for key, why in proxy.lacks.items() if "sites" in proxy.lacks}
        for refused, why in {**proxy.conditions, **lacks}.items():
            yield f"| {name} | {refused} | {why} |"


def _differences() -> Iterator[str]:
    yield "| proxy | case | what it does, and why |"
    yield "|---|---|---|"
    for proxy, differences in DIFFERENCES.items():
        for difference in differences:
            cases = ", ".join(f"`` {case} ``".replace("|", "\\|") for case in difference.cases)
            yield f"| {proxy} | {difference.table}: {cases} | {difference.reason} |"


if __name__ == "__main__":
    print(page(), end="")
