"""The overview of hosts, as tables for people. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploys.apps.status import span
from deploys.onhost.words import shown
from deploys.tables import table

_SITES = ("site", "answers", "certificate", "")
_APPS = ("app", "release", "commit", "age", "slot", "state", "memory", "restarts", "last deploy")


_INDENT = "  "
_MOST = 400
"""Characters of what is wrong, or to do."""


def tables(hosts: Mapping[str, dict[str, Any]], width: int | None = None) -> Iterator[str]:
    """Lay out hosts one below the other: what users get, what serves them, what is wrong.

    Args:
        hosts: how each of them is, by name.
        width: the characters that a line may have.

    """
    inner = width and width - len(_INDENT)
    for number, (name, found) in enumerate(sorted(hosts.items())):
        if number:
            yield ""
        yield name
        yield from (f"{_INDENT}{line}".rstrip() for line in _host(found, inner))


def _host(found: dict[str, Any], width: int | None) -> Iterator[str]:
    if "proxy" in found:
        yield _machine(found)
        yield ""
        yield from table(_SITES, [_site(site) for site in found["sites"]], width)
        if found["apps"]:
            yield ""
            yield from table(_APPS, [_app(app, found["now"]) for app in found["apps"]], width)
        yield ""
        yield from found["notes"]
    yield from (f"✗ {shown(problem, _MOST)}" for problem in found["problems"])
    yield from (f"to do: {shown(line, _MOST)}" for line in found.get("to_do", ()))
    if not found["problems"]:
        yield "✓ nothing is wrong"


def _machine(found: dict[str, Any]) -> str:
    alerts = "not set" if not found["alerts"] else ", ".join(found["alerts"])
    parts = [
        f"{found['proxy']['name']} {found['proxy']['state']}",
        f"disk {_share(found['disk'])}",
        f"memory {_share(found['memory'])}",
        f"alerts {alerts}",
        *(["reboot wanted"] if found["reboot_wanted"] else []),
    ]
    return ", ".join(parts)


def _share(what: dict[str, int]) -> str:
    used = what["total"] - what["free"]
    return f"{used / 1e9:.1f} of {what['total'] / 1e9:.1f} GB"


def _site(site: dict[str, Any]) -> tuple[str, ...]:
    certificate = site["certificate"]
    if certificate["placeholder"]:
        left = "placeholder"
    else:
        left = "none" if certificate["days_left"] is None else f"{certificate['days_left']} days left"
    notes = [
        *(["maintenance"] if site["maintenance"] else []),
        *([] if site["in_dns"] else ["not in DNS"]),
    ]
    return site["url"], site["answer"], left, ", ".join(notes)


def _app(app: dict[str, Any], now: int) -> tuple[str, ...]:
    if app["release"] is None:
        return (app["name"], "none", *[""] * (len(_APPS) - 2))
    return (
        app["name"],
        str(app["release"]),
        shown(app["commit"] or ""),
        "?" if app["created"] is None else span(now - app["created"]),
        app["slot"],
        app["state"],
        f"{app['memory'] / 1e6:.0f} MB" if app["memory"] else "",
        str(app["restarts"]),
        _last_deploy(app, now) if app["deployed"] else "",
    )


def _last_deploy(app: dict[str, Any], now: int) -> str:
    back = f", back from {app['back_from']}" if app["back_from"] else ""
    return f"{span(now - app['deployed'])} ago by {shown(app['by'], 40)}{back}"
