"""How the apps of a host are, as plain data. Pure."""

from typing import Any

from deploys.apps import observe
from deploys.config import Server
from deploys.places.apps import AppPlaces


def question(server: Server) -> list[dict[str, Any]]:
    """Say what to look at on the host."""
    return [observe.question(AppPlaces(app, server.port(app))) for app in sorted(server.apps)]


def described(name: str, app: dict[str, Any]) -> dict[str, Any]:
    """Describe what of an app has the traffic.

    Args:
        name: the app.
        app: what the host said of it.

    """
    slot = app["slots"][app["live"]]
    number = slot["release"]
    release: dict[str, Any] = next((one for one in app["releases"] if one["number"] == number), {})
    return {
        "name": name,
        "release": number,
        "commit": release.get("commit"),
        "created": release.get("created"),
        "slot": app["live"],
        "state": slot["state"],
        "memory": slot["memory"],
        "restarts": slot["restarts"],
        "deployed": app["deployed"],
        "by": app["by"],
        "back_from": app["back_from"],
    }


def span(seconds: int) -> str:
    """Say roughly how long that is, in the largest unit that fits twice."""
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{max(seconds, 0)} seconds"
