"""Which names advice is about: those of the settings, or one that is said."""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from pyinfra.api.host import Host

from deploys.config import Server
from deploys.config.hosts import Domain
from deploys.config.remedies import remedy
from deploys.load import load_if_any
from deploys.looks import Script
from deploys.refusal import Refusal
from deploys.routing import asked

ADDRESSES = Script("/usr/bin/hostname -I")
"""The server's own addresses, those of its network cards; a bare machine has it, too."""


def told(host: Host) -> tuple[list[str], Server | None, str]:
    """Give the names, the settings where there are some, and what these choose.

    Raises:
        Refusal: there is no name, it is none, or the settings are wrong.

    """
    data: dict[str, Any] = host.data.dict()
    server = load_if_any(host, "name")
    said = data.get("name")
    if said is not None:
        try:
            names = [TypeAdapter[str](Domain).validate_python(said)]
        except ValidationError as refusal:
            raise Refusal(f"name: {said!r}: {remedy(refusal.errors()[0], near=True)}") from None
    else:
        names = [*dict.fromkeys(one.name for one in asked(server))] if server else []
    if not names:
        raise Refusal(f"{host.name}: which name? Add --data name=www.example.com, or settings with sites")
    edge = "no edge" if server is None or server.edge is None else "an edge"
    return names, server, f"proxy = {server.proxy!r}, {edge}" if server else ""
