"""What the proxy has been asked for, as tables for people. Pure."""

import re
from typing import Any

from deploys.config import Server
from deploys.config.amounts import TIMES
from deploys.config.measures import nearest_span
from deploys.config.remedies import meant
from deploys.onhost.words import shown
from deploys.refusal import Refusal
from deploys.tables import table

MOST = 10
_CLASSES = ("2xx", "3xx", "4xx", "5xx")
_TIMES = {86400: "day", 3600: "hour", 60: "minute"}
"""By seconds."""


def question(server: Server, since: str | None, site: str | None) -> dict[str, Any]:
    """Say what to sum up on the host.

    Args:
        server: the settings.
        since: how far to go back, like `90m`, `24h` or `7d`; a day unless given.
        site: a name that is served; all unless given.

    Raises:
        Refusal: a word means nothing here.

    """
    span = re.fullmatch(r"([1-9]\d{0,4})([mhd])", str(since or "24h"))
    if span is None:
        span_meant = nearest_span(str(since))
        near = f"did you mean {span_meant!r}? " if span_meant else ""
        raise Refusal(f'since: {since!r}: {near}write minutes, hours or days, like "90m", "24h" or "7d"')
    names = sorted({name for domain, one in server.sites.items() for name in (domain, *one.aliases)})
    if site is not None and site not in names:
        known = ", ".join(names) or "none yet"
        raise Refusal(f"site: {site!r}: {meant(site, names)}write a name of a site: {known}")
    return {"seconds": int(span[1]) * TIMES[span[2]] // 1000, "site": site, "most": MOST}


def heading(host: str, question: dict[str, Any]) -> str:
    """Say what a report is about: a host, how far it goes back, and the one site if it is about one."""
    size = next(size for size in _TIMES if question["seconds"] % size == 0)
    count = question["seconds"] // size
    time = _TIMES[size] if count == 1 else f"{count} {_TIMES[size]}s"
    site = f"{question['site']}, " if question["site"] else ""
    return f"{host}: {site}the last {time}"


def tables(answer: dict[str, Any], width: int | None = None) -> list[str]:
    """Lay out what the host answered; empty lists are left out.

    Args:
        answer: what came of a `question`.
        width: the characters that a line may have.

    """
    if not answer or not answer["sites"]:
        return ["no requests in this time", *_ours(answer)]
    sections = (
        ("The slowest", _SLOW, [_slow(one) for one in answer["slow"]]),
        ("Failures", _FAILURES, [_failure(one) for one in answer["failures"]]),
        ("Not found, or refused", _COUNTED, [_counted(one) for one in answer["refused"]]),
        ("The busiest clients", _COUNTED, [_counted(one) for one in answer["clients"]]),
    )
    return [
        *table(_SITES, [_site(name, tally) for name, tally in answer["sites"].items()], width),
        *(line for title, head, rows in sections if rows for line in ("", title, *table(head, rows, width))),
        *_ours(answer),
    ]


_SITES = ("site", "requests", *_CLASSES, "median", "95 %", "99 %", "sent")
_SLOW = ("95 %", "median", "requests", "what")
_FAILURES = ("count", "status", "last", "request id", "what")
_COUNTED = ("count", "what")


def _ours(answer: dict[str, Any]) -> list[str]:
    """Say what is left out, so that nothing is kept back from whoever reads."""
    count = answer.get("ours", 0)
    return (
        ["", f"Not counted: {count} of gatehouse's own looks and of certificates' challenges"]
        if count
        else []
    )


def _site(name: str, tally: dict[str, Any]) -> tuple[str, ...]:
    classes = tally["classes"]
    # Requests that were given up before they had a status are failures, too.
    counts = {**classes, "5xx": classes.get("5xx", 0) + classes.get("0xx", 0)}
    return (
        shown(name),
        str(tally["requests"]),
        *(str(counts.get(one, 0) + (counts.get("1xx", 0) if one == "2xx" else 0)) for one in _CLASSES),
        *map(_milliseconds, tally["quantiles"]),
        _bytes(tally["bytes_out"]),
    )


def _slow(one: dict[str, Any]) -> tuple[str, ...]:
    median, most, _ = one["quantiles"]
    return _milliseconds(most), _milliseconds(median), str(one["requests"]), shown(one["what"])


def _failure(one: dict[str, Any]) -> tuple[str, ...]:
    time = shown(one["time"].partition("+")[0].replace("T", " "))
    return str(one["count"]), str(one["status"]), time, shown(one["id"]), shown(one["what"])


def _counted(one: tuple[str, int]) -> tuple[str, ...]:
    what, count = one
    return str(count), shown(what)


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 10 else f"{seconds:.0f} s"


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
