"""What Traefik asks: the slots of apps, and servers of others. Pure."""

from collections.abc import Iterator
from typing import Any

from deploys.config import Upstream
from deploys.config.amounts import Duration
from deploys.places.apps import AppPlaces
from deploys.proxies.durations import duration
from deploys.proxies.traefik.onhost import where
from deploys.proxies.traefik.pieces import Marked, Piece

NOBODY = "noop@internal"
"""Traefik's own service, which no request gets to where a middleware has answered before."""

_CONNECTING = "5s"
_IDLE_CONNECTIONS = 32


def pages() -> Piece:
    """Lead to the program that answers for us."""
    url = f"http://{where.LOOPBACK}:{where.PAGES_PORT}"
    return Piece("services", "pages", {"loadBalancer": {"servers": [{"url": url}]}})


def app_service(places: AppPlaces, timeout: Duration) -> str:
    """Name the service of an app, which has as long to answer."""
    return f"{_common(places)}:{duration(timeout)}"


def upstream_service(name: str, timeout: Duration) -> str:
    """Name the service of servers of others."""
    return f"upstream-{name}:{duration(timeout)}"


def app(places: AppPlaces, timeout: Duration) -> tuple[Piece, Marked]:
    """Lead to the slot that has the traffic."""
    name = app_service(places, timeout)

    def to(port: int) -> Piece:
        balanced = {
            "servers": [{"url": f"http://127.0.0.1:{port}"}],
            "serversTransport": _transport(timeout).name,
        }
        return Piece("services", name, {"loadBalancer": balanced})

    a, b = (to(places.slot_port(slot)) for slot in ("a", "b"))
    return _transport(timeout), Marked(places.b_is_live, present=(b,), absent=(a,))


def upstream(name: str, settings: Upstream, timeout: Duration) -> Iterator[Piece]:
    """Lead to servers that gatehouse does not run."""
    yield _transport(timeout)
    balanced: dict[str, Any] = {
        "servers": [{"url": f"http://{address}"} for address in settings.servers],
        "serversTransport": _transport(timeout).name,
    }
    if settings.max_fails:
        window = duration(settings.fail_timeout)
        balanced["passiveHealthCheck"] = {"maxFailedAttempts": settings.max_fails, "failureWindow": window}
    yield Piece("services", upstream_service(name, timeout), {"loadBalancer": balanced})


def _common(places: AppPlaces) -> str:
    return places.unit("a").removesuffix("-a")


def _transport(timeout: Duration) -> Piece:
    waiting = {"dialTimeout": _CONNECTING, "responseHeaderTimeout": duration(timeout)}
    waiting["idleConnTimeout"] = f"{AppPlaces.idle}s"
    what = {"forwardingTimeouts": waiting, "maxIdleConnsPerHost": _IDLE_CONNECTIONS, "disableHTTP2": True}
    return Piece("serversTransports", duration(timeout), what)
