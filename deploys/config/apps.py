from typing import Annotated, Literal

from pydantic import Field, StrictInt

from deploys.config.fields import AsgiReference, ControllerPath, EnvironmentName, Line, UrlPath
from deploys.config.settings import Settings


class Health(Settings):
    """What a new release must answer before it gets traffic."""

    path: UrlPath = "/"
    """The path to GET, as the app itself knows it."""

    status: Annotated[StrictInt, Field(ge=100, le=599)] | None = None
    """The status to expect; any of 200 to 399 unless given."""

    timeout: Annotated[StrictInt, Field(ge=1, le=3600)] = 30
    """Seconds allowed from the start of the process to the first good answer."""

    settle: Annotated[StrictInt, Field(ge=0, le=600)] = 1
    """Seconds for which it must go on answering well before it gets traffic."""


class App(Settings):
    """An ASGI app: where it comes from and how it runs."""

    source: ControllerPath
    """A directory on the controller: what git tracks there and does not ignore, or all of it."""

    asgi: AsgiReference
    """`module:attribute` of the ASGI app, or `module:factory()`."""

    server: Literal["uvicorn"] = "uvicorn"
    """The ASGI server that runs it."""

    workers: Annotated[StrictInt, Field(ge=1, le=256)] = 1
    """How many worker processes a slot has."""

    port: Annotated[StrictInt, Field(ge=1024, le=32766)] | None = None
    """The loopback port of the first slot, the second has the next; derived from the name unless given."""

    env: dict[EnvironmentName, Line] = {}
    """Environment variables, readable by anyone on the server who may ask systemd."""

    health: Health = Health()

    drain: Annotated[StrictInt, Field(ge=1, le=3600)] = 30
    """Seconds that open requests, streams and WebSockets of the former release get before it stops."""

    keep: Annotated[StrictInt, Field(ge=2, le=100)] = 5
    """How many releases stay on the server for going back."""
