"""From a virtual host's targets to routers. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploys.config import Limits
from deploys.config.amounts import Size
from deploys.proxies.traefik import middlewares, rules, services
from deploys.proxies.traefik.pieces import Marked, Piece, named, router
from deploys.routing import AppTarget, RedirectTarget, Routing, UpstreamTarget, VirtualHost

_STEP = 10
"""Between the priorities of two targets; what takes the place of one for a while is in between."""


@dataclass(frozen=True)
class Around:
    """What a target stands in."""

    routing: Routing
    host: VirtualHost
    parents: tuple[str, ...]
    """The routers that have let a request in."""
    client: Mapping[str, Any]
    maintenance: Piece
    """The middleware that answers while the site is under maintenance."""


def targets(around: Around) -> Iterator[Piece | Marked]:
    """Make the routers of a site's targets, the longest path first."""
    found = around.host.targets
    for number, target in enumerate(found):
        rank = _STEP * (len(found) - number)
        if isinstance(target, AppTarget | UpstreamTarget):
            yield from _proxied(around, target, rank)
        elif isinstance(target, RedirectTarget):
            yield from _redirect(around, target, rank)


def _redirect(around: Around, target: RedirectTarget, rank: int) -> Iterator[Piece]:
    name = named(around.host.name, target.path)
    elsewhere = middlewares.redirects(name, target.path, target.route)
    misspelt = middlewares.answer(400)
    yield from (*elsewhere, misspelt)
    yield router(
        name,
        parentRefs=[*around.parents],
        rule=rules.below(target.path),
        priority=rank,
        middlewares=[piece.name for piece in (*elsewhere, misspelt)],
        service=services.NOBODY,
    )


def _proxied(around: Around, target: AppTarget | UpstreamTarget, rank: int) -> Iterator[Piece | Marked]:
    name = named(around.host.name, target.path)
    here = {"parentRefs": [*around.parents], "rule": rules.below(target.path)}
    first, last = [*_before(around, target, name)], [*_prefix(target)]
    yield from (*first, *last)
    yield router(name, **here, priority=rank, middlewares=[piece.name for piece in first])
    yield Marked(
        around.host.maintenance,
        present=(
            router(
                f"{name}:maintenance",
                **here,
                priority=rank + 1,
                middlewares=[around.maintenance.name],
                service=services.pages().name,
            ),
        ),
    )
    if isinstance(target, AppTarget):
        yield from services.app(target.upstream, target.route.timeout)
        service = services.app_service(target.upstream, target.route.timeout)
    else:
        settings = around.routing.server.upstreams[target.route.upstream]
        yield from services.upstream(target.route.upstream, settings, target.route.timeout)
        service = services.upstream_service(target.route.upstream, target.route.timeout)
    most = target.route.max_body or around.host.site.max_body
    yield from _by_length(name, most, [piece.name for piece in last], service)


def _before(around: Around, target: AppTarget | UpstreamTarget, name: str) -> Iterator[Piece]:
    """Make the middlewares that a request goes through on its way, in their order."""
    yield from _limits(name, target.route.limits, around.client)
    if around.host.site.compress:
        yield middlewares.compress()
    if isinstance(target, UpstreamTarget):
        yield middlewares.retry()


def _prefix(target: AppTarget | UpstreamTarget) -> Iterator[Piece]:
    """Make what deals with a prefix, behind all routers: a path may be empty then, which none would match."""
    prefix = (target.route.prefix or "").rstrip("/")
    if target.strip:
        yield middlewares.strip(target.strip)
    elif prefix:
        yield middlewares.prefixed(prefix)


def _limits(name: str, limits: Limits, client: Mapping[str, Any]) -> Iterator[Piece]:
    if limits.rate:
        yield middlewares.rate(name, limits.rate, limits.burst, client)
    if limits.connections:
        yield middlewares.open_requests(name, limits.connections, client)


def _by_length(name: str, most: Size, last: list[str], service: str) -> Iterator[Piece]:
    """Tell requests apart by the length of their bodies: too long, untold, and all the others."""
    too_long, bounded = middlewares.answer(413), middlewares.bounded(name, most)
    yield from (too_long, bounded)
    ways: tuple[tuple[str, str, list[str], str], ...] = (
        ("told", rules.everything(), last, service),
        ("untold", rules.of_unknown_length(), [bounded.name, *last], service),
        ("too-long", rules.longer_than(most.bytes), [too_long.name], services.NOBODY),
    )
    for rank, (way, rule, through, to) in enumerate(ways, 1):
        yield router(
            f"{name}:{way}", parentRefs=[name], rule=rule, priority=rank, middlewares=through, service=to
        )
