"""The unit file of a slot. Pure."""

from collections.abc import Iterable

from deploys.apps.layout import Layout, Slot
from deploys.apps.servers import SERVERS, Run
from deploys.config import App
from deploys.render import render

GRACEFUL = 10
"""Seconds that a server gives open requests when it is told to stop; a release has drained by then."""
_STOP_MARGIN = 5
"""Seconds that systemd waits longer than that, so that it never has to kill."""


def unit(app: App, layout: Layout, slot: Slot, release: int) -> str:
    """Render the unit that runs a release in a slot."""
    run = Run(app.asgi, layout.slot_port(slot), app.workers, GRACEFUL)
    python = f"{layout.environment(release)}/bin/python"
    command = [python, "-m", *SERVERS[app.server].arguments(run)]
    return render(
        "systemd/app.service.j2",
        app=layout.app,
        layout=layout,
        slot=slot,
        release=release,
        environment=[quoted(f"{name}={value}") for name, value in _environment(app, layout, release)],
        secrets="",
        command=" ".join(word(part) for part in command),
        stop_timeout=GRACEFUL + _STOP_MARGIN,
    )


def _environment(app: App, layout: Layout, release: int) -> Iterable[tuple[str, str]]:
    ours = {
        "GATEHOUSE_RELEASE": str(release),
        "HOME": f"/var/lib/{layout.user}",
        "PATH": f"{layout.environment(release)}/bin:/usr/local/bin:/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
    }
    return sorted((ours | app.env).items())


def quoted(text: str) -> str:
    """Quote a value for a unit file (systemd.syntax(7)), percent signs included."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def word(text: str) -> str:
    """Make one word of a command line in a unit file (systemd.service(5), "Command lines")."""
    plain = all(character.isalnum() or character in "-_./:=@+," for character in text)
    return text if plain and text else quoted(text).replace("$", "$$")
