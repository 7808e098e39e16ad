"""What users of a host's sites get now, what serves them, and what is wrong. Pure but for the fact."""

from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import Any, ClassVar

from deploys import invocation, remote
from deploys.apps import status
from deploys.apps.observe import no_longer_wanted, unwanted
from deploys.config import Server
from deploys.overview.onhost import machine
from deploys.places import watch
from deploys.proxies.table import proxy_for
from deploys.routing import lineages, maintenance
from deploys.verification.glimpse import Glimpse

TIMERS = (watch.TIMER,)
_FULL = 0.9
"""The part of the disk from which on it is too full."""


class Overview(remote.Probe[dict[str, Any]]):
    """How a host is, in its own words."""

    module: ClassVar[ModuleType] = machine

    @staticmethod
    def default() -> dict[str, Any]:
        return {}


def question(server: Server) -> dict[str, Any]:
    """Say what to look at on the host."""
    return {
        "apps": status.question(server),
        "chains": {lineage.name: lineage.chain for lineage in lineages(server)},
        "proxy": proxy_for(server).unit,
        "maintenance": {name: mark for mark, name in maintenance(server).items()},
        "timers": TIMERS,
        "watch": {"program": watch.WATCH, "settings": watch.SETTINGS},
    }


def overview(server: Server, answer: dict[str, Any], seen: Iterable[Glimpse]) -> dict[str, Any]:
    """Put together what the host said and what was seen from outside, as plain data."""
    if not answer:
        return {"reached": True, "problems": [f"nothing is deployed here yet; {_remedy('deploys it')}"]}
    sites = [_site(one, answer) for one in seen]
    apps = [
        status.described(name, app) for name, app in zip(sorted(server.apps), answer["apps"], strict=True)
    ]
    found = {
        "reached": True,
        "now": answer["now"],
        "proxy": {"name": proxy_for(server).unit.removesuffix(".service"), "state": answer["proxy"]},
        "sites": sites,
        "apps": apps,
        "timers": answer["timers"],
        "alerts": answer["alerts"],
        "disk": answer["disk"],
        "files": answer["files"],
        "memory": answer["memory"],
        "reboot_wanted": answer["reboot"],
        "notes": [no_longer_wanted(app) for app in unwanted(answer["present"], server.apps)],
    }
    problems = dict.fromkeys([*_problems(found), *_complaints(answer["problems"], sites)])
    return {**found, "problems": list(problems), "to_do": list(_to_do(found)) if problems else []}


def unreached(why: str) -> dict[str, Any]:
    """Stand in for a host that could not be asked."""
    return {"reached": False, "problems": [f"not reached: {why}"]}


def refused(why: Iterable[str], *, reached: bool) -> dict[str, Any]:
    """Stand in for a host that was not asked, as its settings or what it is are refused."""
    return {"reached": reached, "problems": [f"not looked at: {line}" for line in why]}


def _site(seen: Glimpse, answer: dict[str, Any]) -> dict[str, Any]:
    certificate = answer["certificates"].get(seen.name)
    # What something before the server serves is known from outside alone.
    days = (certificate["not_after"] - answer["now"]) // 86400 if certificate else seen.days
    return {
        "name": seen.name,
        "url": seen.url,
        "status": seen.status,
        "answer": seen.answer,
        "in_dns": seen.in_dns,
        "maintenance": seen.name in answer["maintenance"],
        "certificate": {
            "days_left": None if certificate and certificate["placeholder"] else days,
            # As OpenSSL says it: C = US, O = Let's Encrypt, CN = R11.
            "issuer": certificate["issuer"].rpartition("CN = ")[2] if certificate else None,
            "placeholder": bool(certificate and certificate["placeholder"]),
        },
    }


def _problems(found: dict[str, Any]) -> Iterator[str]:
    proxy = found["proxy"]
    if proxy["state"] != "active":
        yield f"{proxy['name']} is {proxy['state']}: no site answers"
    for app in found["apps"]:
        if app["release"] is None:
            yield f"{app['name']}: has no release yet"
        elif app["state"] != "active":
            yield f"{app['name']}: release {app['release']} is {app['state']}"
    for site in found["sites"]:
        if site["status"] is None:
            yield f"{site['url']}: {site['answer']}"
        elif site["status"] >= 500 and not (site["maintenance"] and site["status"] == 503):
            yield f"{site['url']} answers {site['answer']}"
    for unit, state in found["timers"].items():
        if state != "active":
            yield f"{unit} is {state}: nobody looks at the certificates"
    for what, much in (("", found["disk"]), (" of the files that it can have", found["files"])):
        if much["free"] < (1 - _FULL) * much["total"]:
            yield f"the disk is full to {_used(much)}{what}"


def _complaints(watched: Iterable[str], sites: Iterable[dict[str, Any]]) -> Iterator[str]:
    """List what the watch complains of, but for what was seen from outside as well."""
    silent = tuple(f"{site['name']}: nothing is served" for site in sites if site["status"] is None)
    return (line for line in watched if not line.startswith(silent))


def _to_do(found: dict[str, Any]) -> Iterator[str]:
    """Say how to go on where something is wrong."""
    states = [found["proxy"]["state"], *found["timers"].values(), *(app["state"] for app in found["apps"])]
    if any(app["release"] is None for app in found["apps"]):
        yield _remedy("releases what has no release yet, and starts what has stopped")
    elif any(state != "active" for state in states):
        yield _remedy("starts what has stopped")
    yield "what is behind it, and what helps: docs/troubleshooting.md"


def _remedy(what: str) -> str:
    return f"{invocation.line('site')} {what}"


def _used(what: dict[str, int]) -> str:
    return f"{100 - 100 * what['free'] // what['total']} %"
