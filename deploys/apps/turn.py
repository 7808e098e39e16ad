"""Whose turn it is to change an app, as steps on the host are told."""

import getpass
import socket
import uuid
from typing import Any

from deploys.places.apps import AppPlaces

OWNER = f"{getpass.getuser()}@{socket.gethostname()}"
"""Who is at work, as others are told."""

_TOKEN = str(uuid.uuid4())


def turn(places: AppPlaces, *, end: bool = False) -> dict[str, Any]:
    """Tell a step on the host whose turn it is, and whether this was the last one."""
    return {"app": places.app, "path": places.lock, "token": _TOKEN, "owner": OWNER, "end": end}
