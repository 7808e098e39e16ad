"""What is looked at for advice, from here: DNS, and the ports of the server itself. It changes nothing.

Nobody is asked but the resolver of this machine and the server of the inventory. Where else DNS leads is
told, and never visited.
"""

import socket
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from deploys.onhost.words import shown
from deploys.verification.visit import Visit, has_route, in_words

_MOST = 60


@dataclass(frozen=True)
class Known:
    """What DNS has of a name."""

    name: str
    addresses: tuple[str, ...]
    behind: str


def resolve(name: str) -> Known:
    """Ask the resolver for a name's addresses, and for the name behind it."""
    try:
        found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError):
        return Known(name, (), name)
    addresses = sorted({str(where[0]).partition("%")[0] for *_, where in found})
    behind = next((canonical for *_, canonical, _ in found if canonical), name)
    return Known(name, tuple(addresses), behind.rstrip(".").lower())


def ports(name: str, addresses: Collection[str], more: Collection[int]) -> Iterator[str]:
    """Say what answers at the server's own addresses.

    Args:
        name: what to ask for, as the site's users would.
        addresses: by which the inventory reaches the server.
        more: ports besides 80 and 443.

    """
    reached = [address for address in addresses if has_route(address)]
    asked = [(address, port) for address in reached for port in (80, 443, *more)]
    with ThreadPoolExecutor(max_workers=8) as pool:
        yield from pool.map(lambda one: _answer(name, *one), asked)


def _answer(name: str, address: str, port: int) -> str:
    visit = Visit(name, address)
    try:
        if port not in {80, 443}:
            return f"{address} port {port}: {'open' if visit.is_open(port) else 'closed'} from here"
        answer = visit.get("/", tls=port == 443)
    except OSError as error:
        return f"{address} port {port}: {shown(in_words(error), _MOST)}"
    server = answer.headers.get("Server", "")
    by = f", by {shown(server, _MOST)}" if server else ""
    return f"{address} port {port}: answers {answer.status}{by}"
