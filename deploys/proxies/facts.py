"""What is asked of a host about its proxy, whichever it is: each proxy has its own module for the answer."""

from typing import Any

from deploys import remote


class InUse(remote.Probe[dict[str, list[str]]]):
    """The upstreams to which the proxy sends requests, and the certificates that it serves."""

    abstract = True

    @staticmethod
    def default() -> dict[str, list[str]]:
        return {"upstreams": [], "certificates": []}


class AccessLog(remote.Probe[dict[str, Any]]):
    """The requests of a span of time, summed up."""

    abstract = True

    @staticmethod
    def default() -> dict[str, Any]:
        return {}
