"""From a virtual host to the routers that every request to it goes through. Pure."""

from collections.abc import Iterator
from typing import Any

from deploys.config.fields import HIDDEN
from deploys.onhost.headers import FORGED
from deploys.places.certificates import CHALLENGES
from deploys.proxies.answers import OFFERS_HTTP3, hsts
from deploys.proxies.traefik import middlewares, rules, services
from deploys.proxies.traefik.edges import Believed, client
from deploys.proxies.traefik.pieces import Marked, Piece, middleware, router
from deploys.proxies.traefik.targets import Around, targets
from deploys.routing import Routing, VirtualHost

_WITHOUT_TLS, _NAMED, _BELOW, _ANY = 4, 3, 2, 1
"""Priorities: who is led to HTTPS, a site that has a name itself, one that has all below it, and nobody."""
_FIRST = 1_000_000
"""The priority of what comes before all targets."""
_HIDDEN_FILES = rules.hidden("well-known")


def challenge(name: str, priority: int, **where: object) -> Piece:
    """Answer the CA's challenge."""
    rule = f'PathPrefix("{CHALLENGES}")'
    return router(name, **where, rule=rule, priority=priority, service=services.pages().name)


def plain(routing: Routing) -> Iterator[Piece]:
    """Lead from plain HTTP to HTTPS, for the names that there are."""
    https = middlewares.to_https()
    yield https
    yield challenge("challenge", _NAMED, entryPoints=["web"])
    for host in routing.hosts:
        yield router(
            f"{host.name}:plain",
            entryPoints=["web"],
            rule=rules.hosts((*_served(host), *host.redirected)),
            priority=_BELOW,
            middlewares=[https.name],
            service=services.NOBODY,
        )


def nobodys() -> Iterator[Piece]:
    """Refuse what is asked on a connection that was opened for another name."""
    misdirected = middlewares.answer(421)
    yield misdirected
    yield router(
        "misdirected",
        entryPoints=["websecure"],
        tls={},
        rule=rules.everything(),
        priority=_ANY,
        middlewares=[misdirected.name],
        service=services.NOBODY,
    )


def site(host: VirtualHost, routing: Routing, edge: Believed | None, page: str) -> Iterator[Piece | Marked]:
    """Make all that a site answers.

    Args:
        host: the site.
        routing: what it is a part of.
        edge: who is believed about clients.
        page: where the page for its maintenance is.

    """
    door, told = [*_at_the_door(host, routing, edge)], _told(host, edge)
    yield from (*door, *told)
    through, over_tls = [piece.name for piece in door], routing.server.has_certificates
    if not over_tls and edge and not edge.proxy_protocol:
        yield from _without_tls(host, through)
    if host.redirected:
        aliases = f"{host.name}:aliases"
        roots = [*_roots(aliases, host.redirected, host, through, over_tls=over_tls)]
        yield from roots
        elsewhere = middlewares.to_name(host.name, host.authority)
        yield elsewhere
        parents = [root.name for root in roots]
        yield challenge(f"{aliases}:challenge", 2, parentRefs=parents)
        yield router(
            f"{aliases}:redirect",
            parentRefs=parents,
            rule=rules.everything(),
            priority=1,
            middlewares=[elsewhere.name],
            service=services.NOBODY,
        )
    within = [*through, *(piece.name for piece in told)]
    roots = [*_roots(host.name, _served(host), host, within, over_tls=over_tls)]
    yield from roots
    maintenance = middlewares.page(f"{host.name}:maintenance", page)
    yield maintenance
    around = Around(routing, host, tuple(root.name for root in roots), client(edge), maintenance)
    yield from _refused(host, around.parents)
    yield from targets(around)


def _served(host: VirtualHost) -> tuple[str, ...]:
    return (host.authority, *host.served[1:])


def _without_tls(host: VirtualHost, through: list[str]) -> Iterator[Piece]:
    """Lead to HTTPS who came to the edge without TLS, by its own word, which is the last of several.

    What the edge does not say, Traefik has said by then: that it came to us by plain HTTP.
    """
    https = middlewares.to_https()
    yield https
    told = rules.header("X-Forwarded-Proto", r"(?i)(^|[,\s])http\s*$")
    yield router(
        f"{host.name}:without-tls",
        entryPoints=["web"],
        rule=rules.all_of(rules.hosts((*_served(host), *host.redirected)), told),
        priority=_WITHOUT_TLS,
        middlewares=[*through, https.name],
        service=services.NOBODY,
    )


def _roots(
    name: str, names: tuple[str, ...], host: VirtualHost, through: list[str], *, over_tls: bool
) -> Iterator[Piece]:
    """Let in what is asked of names; those that stand for many come after all that are one's own."""
    many = tuple(one for one in names if one.startswith("*."))
    own = tuple(one for one in names if one not in many)
    # Traefik looks TLS options up by the names of rules: so a connection for one site is not for another.
    options = {} if host.version else {"options": host.name}
    for suffix, which, priority, tls in (("", own, _NAMED, options), (":below", many, _BELOW, {})):
        if which:
            where: dict[str, Any] = {"entryPoints": ["websecure"], "tls": tls}
            yield router(
                f"{name}{suffix}",
                **(where if over_tls else {"entryPoints": ["web"]}),
                rule=rules.hosts(which),
                priority=priority,
                middlewares=through,
            )


def _at_the_door(host: VirtualHost, routing: Routing, edge: Believed | None) -> Iterator[Piece]:
    if edge and edge.only:
        yield middleware("by-the-edge", "ipAllowList", sourceRange=[*edge.addresses])
    # Traefik offers HTTP/3 for all that it serves, and passes on what an app offers.
    said = {
        "Alt-Svc": OFFERS_HTTP3 if host.site.http3 else "",
        "Strict-Transport-Security": hsts(host.site),
        "Server": "",
    }
    yield middleware(f"{host.name}:answers", "headers", customResponseHeaders=said)
    yield middlewares.open_requests(host.name, routing.server.client_connections, client(edge))


def _told(host: VirtualHost, edge: Believed | None) -> list[Piece]:
    """Tell an app of the client, besides what Traefik tells by itself, and let no client do that."""
    return [
        middleware("forged", "headers", customRequestHeaders=dict.fromkeys(FORGED, "")),
        middleware(f"{host.name}:told", "headers", customRequestHeaders=dict(_facts(host, edge))),
    ]


def _facts(host: VirtualHost, edge: Believed | None) -> Iterator[tuple[str, str]]:
    """Say what an app is told; an empty text is nothing."""
    yield "X-Forwarded-Proto", "https"
    yield "X-Forwarded-Port", "443"
    yield "X-Forwarded-Prefix", ""
    yield "X-Request-ID", ""
    if _served(host) == (host.authority,):
        yield "Host", host.authority
        yield "X-Forwarded-Host", host.authority
    if edge and not edge.proxy_protocol:
        # What an edge passes on of it may be the client's own word, and so may the name.
        yield "X-Real-IP", ""
        if _served(host) != (host.authority,):
            yield "X-Forwarded-Host", ""


def _refused(host: VirtualHost, parents: tuple[str, ...]) -> Iterator[Piece]:
    """Refuse what no target is to see, and answer what all sites do; in this order, before the targets."""
    paths = [target.path for target in host.targets if target.path != "/"]
    blocked = [_HIDDEN_FILES if path == HIDDEN else rules.blocked(path) for path in host.site.blocked]
    refusals = (
        ("misleading", [rules.path_matches(rules.MISLEADING)], 400),
        ("disguised", [rules.disguised(path) for path in paths], 400),
        ("method", [rules.method("TRACE", "CONNECT")], 405),
        ("blocked", blocked, 404),
    )
    for number, (what, each, status) in enumerate(refusals):
        if each:
            yield from _refuse(f"{host.name}:{what}", parents, rules.any_of(*each), _FIRST - number, status)
    yield challenge(f"{host.name}:challenge", _FIRST - len(refusals), parentRefs=[*parents])
    if "/" not in (target.path for target in host.targets):
        yield from _refuse(f"{host.name}:nothing", parents, rules.everything(), 1, 404)


def _refuse(name: str, parents: tuple[str, ...], rule: str, priority: int, status: int) -> Iterator[Piece]:
    answer = middlewares.answer(status)
    yield answer
    yield router(
        name,
        parentRefs=[*parents],
        rule=rule,
        priority=priority,
        middlewares=[answer.name],
        service=services.NOBODY,
    )
