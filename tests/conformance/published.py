"""What each proxy can do, from the tables that refuse and try it: python -m tests.conformance.published."""

from collections.abc import Iterator

from deploys.proxies.table import PROXIES
from tests.conformance.differences import DIFFERENCES

_HEAD = """\
# What each proxy can do

Which settings a proxy refuses, and what it answers differently from the others. `proxy` is nginx unless you
choose another one; all render the same settings, and `tests/conformance` asks them all the same.
This page is written by `python -m tests.conformance.published`, from the tables by which settings are refused
and cases are tried.

## Settings that a proxy refuses

A run ends with the line before anything is changed. Everything that is not here works with all of them.
"""
_DIFFERENCES = """\
## What a proxy answers differently

What else the suite asks is answered alike.
"""


def page() -> str:
    """Write the page."""
    return "\n".join([_HEAD, *_lacks(), "", _DIFFERENCES, *_differences()]) + "\n"


def _lacks() -> Iterator[str]:
    settings = sorted({setting for proxy in PROXIES.values() for setting in proxy.lacks})
    names = [*PROXIES]
    yield f"| setting | {' | '.join(names)} | why |"
    yield f"|---|{'---|' * len(names)}---|"
    for setting in settings:
        cells = ["no" if setting in PROXIES[name].lacks else "yes" for name in names]
        reasons = dict.fromkeys(
            PROXIES[name].lacks[setting] for name in names if setting in PROXIES[name].lacks
        )
        yield f"| `{setting}` | {' | '.join(cells)} | {'; '.join(reasons)} |"


def _differences() -> Iterator[str]:
    yield "| proxy | case | what it does, and why |"
    yield "|---|---|---|"
    for proxy, differences in DIFFERENCES.items():
        for difference in differences:
            cases = ", ".join(f"`` {case} ``".replace("|", "\\|") for case in difference.cases)
            yield f"| {proxy} | {difference.table}: {cases} | {difference.reason} |"


if __name__ == "__main__":
    print(page(), end="")
