"""What must be true of a site for its users: each claim, and what was seen of it."""

import ssl
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deploys.certificates.onhost.watch import DAY, too_old
from deploys.config import Server
from deploys.config.certificates import AcmeCertificate
from deploys.onhost.words import shown
from deploys.routing import AppTarget, RedirectTarget, VirtualHost
from deploys.verification.visit import Visit, addresses, has_route, in_words

MOST = 200
"""Characters of evidence in a line."""


class Untrue(Exception):
    """What was seen speaks against a claim."""


@dataclass(frozen=True)
class Claim:
    """Something that must be true, and how to see whether it is."""

    words: str
    look: Callable[[], str]
    """Gives the evidence, or raises `Untrue` or an `OSError` with it."""


@dataclass(frozen=True)
class Seen:
    """What came of looking."""

    claim: str
    holds: bool
    evidence: str


def look(host: VirtualHost, server: Server, served: str | None, *, paused: bool = False) -> list[Seen]:
    """Look at a site from here, by every name and address that DNS gives for it.

    Args:
        host: the site.
        server: the settings.
        served: the SHA-256 of the certificate that the server itself sees on its wire.
        paused: whether the site is under maintenance.

    """
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(see, claims(host, server, served, addresses, paused=paused)))


def claims(
    host: VirtualHost,
    server: Server,
    served: str | None,
    resolve: Callable[[str], list[str]],
    *,
    paused: bool = False,
) -> Iterator[Claim]:
    """List what to look at.

    Args:
        host: the site.
        server: the settings.
        served: as `look` takes it.
        resolve: gives the addresses of a name.
        paused: whether the site is under maintenance.

    """
    direct = served if server.edge is None else None
    for name in host.lineage.names:
        if name.startswith("*"):
            continue
        found = resolve(name)
        reached = [Visit(name, address) for address in found if has_route(address)]
        if not reached:
            leads_to = "this server" if server.edge is None else "the edge"
            yield Claim(f"{name} has an address", refute(unreached(found, leads_to)))
        for visit in reached:
            yield from _of_a_name(visit, host, direct)
        if name == host.name and reached:
            yield from _of_the_site(reached[0], host, server, paused=paused)


def _of_a_name(visit: Visit, host: VirtualHost, served: str | None) -> Iterator[Claim]:
    where = f"{visit.name} at {visit.address}" if visit.name != visit.address else visit.name
    if served:
        yield Claim(f"{where} is this server", lambda: _is_this_server(visit, served))
    renewed = isinstance(host.site.certificate, AcmeCertificate)
    yield Claim(f"{where} has a certificate that is trusted", lambda: is_trusted(visit, renewed=renewed))
    yield Claim(f"http://{where} redirects to https://", lambda: _redirects(visit, host))


def _of_the_site(visit: Visit, host: VirtualHost, server: Server, *, paused: bool) -> Iterator[Claim]:
    yield Claim(f"{host.name} sends Strict-Transport-Security as set", lambda: _has_hsts(visit, host))
    for target in host.targets:
        path = target.path if target.path == "/" else f"{target.path}/"
        right = range(300, 400) if isinstance(target, RedirectTarget) else range(200, 500)
        expected = {*right, 503} if paused else {*right}
        words = "answers or is under maintenance" if paused else "answers"
        yield Claim(f"https://{visit.authority}{path} {words}", answers(visit, path, expected))
    apps = sorted({target.route.app for target in host.targets if isinstance(target, AppTarget)})
    for app in apps:
        ports = [server.port(app) + slot for slot in (0, 1)]
        yield Claim(f"{app} itself does not answer from outside", _is_closed(visit, ports))


def see(claim: Claim) -> Seen:
    """Look whether a claim holds, and tell of it in words that are fit to be shown."""
    holds = False
    try:
        evidence, holds = claim.look(), True
    except Untrue as untrue:
        evidence = str(untrue)
    except OSError as error:
        evidence = in_words(error)
    # Whoever answers under a name has written parts of it.
    return Seen(claim.words, holds, shown(evidence, MOST))


def unreached(found: list[str], leads_to: str) -> str:
    """Say why a name is reached at none of its addresses.

    Args:
        found: its addresses.
        leads_to: what they ought to be those of.

    """
    if found:
        return f"{', '.join(found)}: no route from here"
    return f"DNS has neither an A nor an AAAA record for it; add one that leads to {leads_to}"


def refute(evidence: str) -> Callable[[], str]:
    """Have a look find this, which speaks against a claim."""

    def look() -> str:
        raise Untrue(evidence)

    return look


def _is_this_server(visit: Visit, served: str) -> str:
    if visit.fingerprint() != served:
        raise Untrue("another certificate is served than on this server: does DNS lead elsewhere?")
    return "the same certificate here and there"


def is_trusted(visit: Visit, *, renewed: bool) -> str:
    """Say who vouches for a name, and for how long.

    Raises:
        Untrue: the certificate should be another one by now, if it is `renewed` from here.
        OSError: nobody does, or there is no connection.

    """
    found = visit.certificate()
    not_after, not_before = (ssl.cert_time_to_seconds(found[key]) for key in ("notAfter", "notBefore"))
    now = time.time()
    if late := too_old(visit.name, {"not_after": not_after, "not_before": not_before}, now, renewed=renewed):
        raise Untrue(late[0].partition(": ")[2])
    issuer: Mapping[str, str] = dict(pair for parts in found["issuer"] for pair in parts)
    by = issuer.get("commonName") or issuer.get("organizationName", "?")
    return f"{(not_after - now) // DAY:.0f} days left, from {by}"


def _redirects(visit: Visit, host: VirtualHost) -> str:
    path = "/gatehouse?verify=1"
    answer = visit.get(path, tls=False)
    to = answer.headers.get("Location", "")
    names = {visit.authority, host.authority}
    if answer.status not in {301, 308} or to not in {f"https://{name}{path}" for name in names}:
        raise Untrue(f"status {answer.status}" + (f" to {to}" if to else ""))
    return f"{answer.status}, path and query kept"


def _has_hsts(visit: Visit, host: VirtualHost) -> str:
    said = visit.get("/").headers.get("Strict-Transport-Security", "")
    hsts = host.site.hsts
    wanted = f"max-age={hsts.max_age}" if hsts else ""
    if said.partition(";")[0] != wanted:
        raise Untrue(f"expected {wanted or 'none'}, seen {said or 'none'}")
    return said or "not at all, as the settings want"


def answers(visit: Visit, path: str, expected: Collection[int]) -> Callable[[], str]:
    """Have a look ask for a path, whose answer must have one of the expected statuses."""

    def look() -> str:
        answer = visit.get(path)
        if answer.status not in expected:
            raise Untrue(f"status {answer.status} {answer.reason}")
        return f"status {answer.status}"

    return look


def _is_closed(visit: Visit, ports: list[int]) -> Callable[[], str]:
    def look() -> str:
        if open_ports := [str(port) for port in ports if visit.is_open(port)]:
            raise Untrue(f"{visit.address} accepts connections on {', '.join(open_ports)}")
        return f"{', '.join(map(str, ports))} closed"

    return look
