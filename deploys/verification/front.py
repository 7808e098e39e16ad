"""What must be true of an app that a load balancer leads to: for its users, and for everybody else."""

import socket
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address, ip_network

from deploys.routing import Front
from deploys.verification.claims import Claim, Seen, Untrue, answers, is_trusted, refute, see, unreached
from deploys.verification.visit import Visit, addresses, has_route


def look_through(front: Front, balancers: Collection[str], server: str, *, paused: bool) -> list[Seen]:
    """Look at an app from here: through the load balancer, and past it.

    Args:
        front: the app.
        balancers: the networks from which the server lets connections in.
        server: the name or address by which the server itself is reached.
        paused: whether the app is under maintenance.

    """
    found = [
        *_through(front, addresses(front.public.name), paused=paused),
        *_past(front, balancers, addresses(server)),
    ]
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(see, found))


def _through(front: Front, found: list[str], *, paused: bool) -> Iterator[Claim]:
    name, path = front.public.name, front.health
    reached = [Visit(name, address) for address in found if has_route(address)]
    if not reached:
        yield Claim(f"{name} has an address", refute(unreached(found, "the load balancer")))
    for visit in reached:
        where = f"{name} at {visit.address}"
        yield Claim(f"{where} has a certificate that is trusted", _has_certificate(visit))
        words = "answers or is under maintenance" if paused else "answers"
        expected = {*range(200, 500), *((502, 503) if paused else ())}
        yield Claim(f"https://{name}{path} at {visit.address} {words}", answers(visit, path, expected))


def _past(front: Front, balancers: Collection[str], found: list[str]) -> Iterator[Claim]:
    ports = [front.public.port, *front.places.ports]
    for address in filter(has_route, found):
        yield Claim(
            f"{front.places.app} at {address} answers nobody but the load balancer",
            _is_closed(Visit(front.public.name, address), ports, balancers),
        )


def _has_certificate(visit: Visit) -> Callable[[], str]:
    return lambda: is_trusted(visit, renewed=False)


def _is_closed(visit: Visit, ports: list[int], balancers: Collection[str]) -> Callable[[], str]:
    def look() -> str:
        own = _own_address(visit.address)
        if any(ip_address(own) in ip_network(network) for network in balancers):
            return f"not seen, as this machine, {own}, is in a network of the load balancer's"
        if is_open := [str(port) for port in ports if visit.is_open(port)]:
            raise Untrue(f"{visit.address} accepts connections on {', '.join(is_open)} from {own}")
        return f"{', '.join(map(str, ports))} closed"

    return look


def _own_address(to: str) -> str:
    family = socket.AF_INET6 if ":" in to else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.connect((to, 9))
        return str(probe.getsockname()[0])
