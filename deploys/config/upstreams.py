"""Servers that gatehouse does not run, behind a site."""

from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from deploys.config.hosts import Endpoint
from deploys.config.measures import Seconds
from deploys.config.numbers import whole
from deploys.config.settings import Settings


def _not_the_proxy(endpoint: str) -> str:
    address, _, port = endpoint.rpartition(":")
    if ip_address(address.strip("[]")).is_loopback and port in {"80", "443"}:
        raise ValueError("write another: the proxy itself listens there, and would ask itself")
    return endpoint


class Upstream(Settings):
    """A group of servers that answer alike, over plain HTTP."""

    servers: Annotated[tuple[Annotated[Endpoint, AfterValidator(_not_the_proxy)], ...], Field(min_length=1)]
    """Address and port of each; no names, as one that does not resolve would keep the proxy from starting."""

    balance: Literal["round_robin", "least_conn"] = "round_robin"
    """Who gets the next request: each in turn, or the one with the fewest open ones."""

    max_fails: Annotated[int, whole(0, 1000)] = 3
    """After how many failures a server is left out; 0 for never."""

    fail_timeout: Seconds = Field("10s", validate_default=True)
    """Within what time the failures count, and how long the server is then left out."""
