"""The programs that run an app and speak with it, and what each is good for."""

from collections.abc import Mapping
from typing import Literal

Interface = Literal["asgi", "wsgi"]
"""How a server and an app talk to each other."""

ServerName = Literal["uvicorn", "fastapi", "hypercorn", "gunicorn", "gunicorn-uvicorn", "granian"]

WSGI_SERVERS: tuple[ServerName, ...] = ("gunicorn", "granian")

RECYCLING: Mapping[Interface, tuple[ServerName, ...]] = {
    "asgi": ("uvicorn", "fastapi", "gunicorn-uvicorn"),
    "wsgi": ("gunicorn",),
}
"""The servers that lose no request as a worker makes way for another one."""
