"""Whence Cloudflare connects by its own word just now, as far as the controller gets there."""

import ssl
import urllib.request
from collections.abc import Collection, Iterator
from http.client import HTTPException
from ipaddress import ip_network

import gevent
from pydantic import TypeAdapter, ValidationError
from pyinfra import logger
from pyinfra.context import host

from deploys.config import Cloudflare, Server
from deploys.config.cloudflare import CLOUDFLARE, COPIED
from deploys.config.hosts import Network
from deploys.once import Once

LISTS = {4: "https://www.cloudflare.com/ips-v4", 6: "https://www.cloudflare.com/ips-v6"}
"""A network a line, by the version of IP; www.cloudflare.com/ips leads there."""

_ITS_OWN = "https://www.cloudflare.com/"
"""Wherever else one is led, the answer is not Cloudflare's word."""

PATIENCE = 5
"""Seconds for both, the name's address included: a controller without a way out is not kept waiting."""

_MOST = 64 << 10
"""Bytes of an answer that may be a list."""

_NETWORK: TypeAdapter[str] = TypeAdapter(Network)


class Unknown(Exception):
    """The list is not to be had."""


_found: Once[tuple[str, ...] | Unknown] = Once()


def as_published(server: Server) -> Server:
    """Give the settings with Cloudflare's networks as they are now, and say where those are not the copy's.

    Args:
        server: the settings; those that name no Cloudflare, or its networks as well, are left as they are.

    """
    edge = server.edge
    if not isinstance(edge, Cloudflare) or edge.networks:
        return server
    found = _found.get("networks", look)
    if isinstance(found, Unknown):
        logger.info(
            "%sCloudflare's list of its networks is not to be had (%s): the copy of %s counts",
            host.print_prefix,
            found,
            COPIED,
        )
        return server
    if changes := ", ".join(differences(CLOUDFLARE, found)):
        logger.warning(
            "%sCloudflare's networks have changed since %s, and count as it lists them now: %s",
            host.print_prefix,
            COPIED,
            changes,
        )
    return server.model_copy(update={"edge": edge.model_copy(update={"networks": found})})


def differences(before: Collection[str], now: Collection[str]) -> Iterator[str]:
    """Say which networks have come, and which have gone. Pure."""
    yield from (f"+ {network}" for network in now if network not in before)
    yield from (f"- {network}" for network in before if network not in now)


def networks(text: str, version: int) -> list[str]:
    """Read a list. Pure.

    Args:
        text: a network a line.
        version: of IP, which all are of.

    Raises:
        Unknown: it is none, like the page of a network that wants a login first.

    """
    try:
        found = [_NETWORK.validate_python(line.strip()) for line in text.split()]
    except ValidationError:
        raise Unknown("what came is no list of networks") from None
    if not found or any(ip_network(one).version != version for one in found):
        raise Unknown("what came is no list of networks")
    return [*dict.fromkeys(found)]


def look() -> tuple[str, ...] | Unknown:
    """Ask for the lists; what came of it counts for all hosts of a run, a failure as well."""
    try:
        with gevent.Timeout(PATIENCE, Unknown(f"no answer within {PATIENCE} s")):
            found = [one for version, url in LISTS.items() for one in networks(_fetched(url), version)]
    except Unknown as unknown:
        return unknown
    # In the copy's order, so that a list that says the same makes the same configuration.
    known = [one for one in CLOUDFLARE if one in found]
    return (*known, *(one for one in found if one not in known))


def _fetched(url: str) -> str:
    trusted = urllib.request.HTTPSHandler(context=ssl.create_default_context())
    try:
        with urllib.request.build_opener(trusted).open(url, timeout=PATIENCE) as answer:
            data: bytes = answer.read(_MOST + 1)
            where: str = answer.geturl()
    except (OSError, HTTPException) as error:
        raise Unknown(getattr(error, "reason", None) or error) from None
    if len(data) > _MOST or not where.startswith(_ITS_OWN):
        raise Unknown("what came is no list of networks")
    return data.decode(errors="replace")
