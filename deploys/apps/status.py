"""How the apps and certificates of a host are, as tables for people. Pure but for the fact."""

from collections.abc import Sequence
from types import ModuleType
from typing import Any, ClassVar

from deploys import remote
from deploys.apps.layout import Layout
from deploys.apps.observe import places, told, unwanted
from deploys.apps.onhost import status
from deploys.config import Server
from deploys.routing import lineages
from deploys.tables import table


class Status(remote.Probe[dict[str, Any]]):
    """How apps and certificates are."""

    module: ClassVar[ModuleType] = status

    @staticmethod
    def default() -> dict[str, Any]:
        return {}


def question(server: Server) -> dict[str, Any]:
    """Say what to look at on the host."""
    layouts = [Layout(app, server.port(app)) for app in sorted(server.apps)]
    return {
        "apps": [places(layout) for layout in layouts],
        "chains": {lineage.name: lineage.chain for lineage in lineages(server)},
    }


def tables(server: Server, answer: dict[str, Any]) -> list[str]:
    """Lay out what the host answered, a line for each app and each certificate."""
    if not answer:
        return ["nothing is deployed here yet"]
    now = answer["now"]
    apps = [_app(name, app, now) for name, app in zip(sorted(server.apps), answer["apps"], strict=True)]
    certificates = [_certificate(name, found, now) for name, found in sorted(answer["certificates"].items())]
    others = [told(app) for app in unwanted(answer["present"], server.apps)]
    return [*table(_APP, apps), *others, "", *table(_CERTIFICATE, certificates)]


_APP = ("app", "release", "commit", "age", "slot", "state", "memory", "restarts", "last deploy")
_CERTIFICATE = ("certificate", "days left", "issuer")


def _app(name: str, app: dict[str, Any], now: int) -> Sequence[str]:
    slot = app["slots"][app["live"]]
    if slot["release"] is None:
        return (name, "none", *[""] * (len(_APP) - 2))
    release: dict[str, Any] = next(
        (entry for entry in app["releases"] if entry["number"] == slot["release"]), {}
    )
    return (
        name,
        str(slot["release"]),
        release.get("commit") or "",
        span(now - release["created"]) if release else "?",
        app["live"],
        slot["state"],
        f"{slot['memory'] / 1e6:.0f} MB" if slot["memory"] else "",
        str(slot["restarts"]),
        f"{span(now - app['deployed'])} ago by {app['by']}" if app["deployed"] else "",
    )


def _certificate(name: str, found: dict[str, Any] | None, now: int) -> Sequence[str]:
    if found is None:
        return name, "", "none yet"
    if found["placeholder"]:
        return name, "", "placeholder, the CA has not issued one yet"
    return name, str((found["not_after"] - now) // 86400), found["issuer"]


def span(seconds: int) -> str:
    """Say roughly how long that is, in the largest unit that fits twice."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{max(seconds, 0)} seconds"
