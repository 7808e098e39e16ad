"""What is asked of a host about its proxy, whichever it is: each proxy has its own module for the answer."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from deploys import remote


@dataclass(frozen=True)
class Needs:
    """What a proxy needs now, by the configuration that it runs or would start with."""

    upstreams: Collection[str] = ()
    """The names of those to which it sends requests."""
    certificates: Collection[str] = ()
    """The directories of those that it serves."""


class InUse(remote.Probe[Needs]):
    """What the proxy needs."""

    abstract = True

    @staticmethod
    def default() -> Needs:
        return Needs()

    def found(self, data: Any) -> Needs:
        return Needs(**data)


class AccessLog(remote.Probe[dict[str, Any]]):
    """The requests of a span of time, summed up."""

    abstract = True

    @staticmethod
    def default() -> dict[str, Any]:
        return {}
