"""On the host: requests summed up, counted while the proxy's own reader reads them."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple, TypeVar

MOST = 10_000
"""How many different paths, and failures, are counted apart, so that a scanner does not fill the memory."""

MOST_CLIENTS = 10 * MOST

LONGEST = 200
"""How many characters of a path are told."""
LONGEST_NAME = 253
"""How many characters of a name are told, or of a client's address: no site has more, and clients may say a
hundred thousand."""

OTHERS = "(all others)"

_AGENT = "gatehouse"
"""What our own looks from outside, and those before a challenge, call themselves."""
_CHALLENGES = "/.well-known/acme-challenge/"

Key = TypeVar("Key")

_NUMBERS = re.compile(r"(?<=/)(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})(?=/|$)", re.I)
_WIDTH = math.log(1.05)


class Request(NamedTuple):
    """A request as it is counted, whichever proxy has written it down."""

    time: str
    """When it was answered (RFC 3339)."""
    id: str
    client: str
    method: str
    site: str
    """The name that was asked for."""
    path: str
    status: int
    """0, where it was given up before it had one."""
    bytes_out: int
    seconds: float
    agent: str


def summary(found: Iterable[Request], site: str | None, most: int) -> dict[str, Any]:
    """Count requests by site and by path.

    Args:
        found: requests, the oldest first.
        site: the only one that counts, or None.
        most: how many lines each list may have.

    """
    sites: defaultdict[str, Tally] = defaultdict(Tally)
    paths: dict[tuple[str, str, str], Tally] = {}
    failures: dict[tuple[str, int], dict[str, Any]] = {}
    unknown: Counter[str] = Counter()
    clients: Counter[str] = Counter()
    ours = 0
    for request in found:
        if site not in {None, request.site}:
            continue
        if is_of_operation(request):
            ours += 1
            continue
        host = _within(sites, request.site[:LONGEST_NAME], OTHERS, MOST)
        status, method, path = request.status, request.method[:20], kind_of(request.path)[:LONGEST]
        sites[host].add(request)
        key = _within(paths, (host, method, path), (host, "", OTHERS), MOST)
        paths.setdefault(key, Tally()).add(request)
        clients[_within(clients, request.client[:LONGEST_NAME], OTHERS, MOST_CLIENTS)] += 1
        what = f"{method} {host}{path}"
        if status >= 500 or status == 0:
            what, status = _within(failures, (what, status), (OTHERS, status), MOST)
            last = failures.setdefault((what, status), {"what": what, "status": status, "count": 0})
            time, known_by = request.time[:LONGEST_NAME], request.id[:LONGEST_NAME]
            last.update(count=last["count"] + 1, time=time, id=known_by)
        elif status in {404, 429}:
            unknown[_within(unknown, f"{status} {what}", f"{status} {OTHERS}", MOST)] += 1
    slow = sorted(paths.items(), key=lambda item: -item[1].quantile(0.95))
    return {
        "sites": {name: tally.told() for name, tally in sorted(sites.items())},
        "slow": [{"what": f"{key[1]} {key[0]}{key[2]}", **tally.told()} for key, tally in slow[:most]],
        "failures": sorted(failures.values(), key=lambda one: -one["count"])[:most],
        "refused": unknown.most_common(most),
        "clients": clients.most_common(most),
        "ours": ours,
    }


def is_of_operation(request: Request) -> bool:
    """Say whether a request comes from running the site: our own looks, and those at challenges."""
    return request.agent == _AGENT or request.path.startswith(_CHALLENGES)


def _within(table: Collection[Key], key: Key, others: Key, most: int) -> Key:
    """Give the key under which something counts: its own, unless that is new and the table is full."""
    return key if key in table or len(table) < most else others


def kind_of(path: str) -> str:
    """Give one name to the paths that differ in a number or an identifier alone."""
    return _NUMBERS.sub(":id", path)


class Tally:
    """Requests counted: how many, of which class, how long they took."""

    def __init__(self) -> None:
        self.classes: Counter[str] = Counter()
        self.bytes_out = 0
        self._buckets: Counter[int] = Counter()

    def add(self, request: Request) -> None:
        """Count a request. A WebSocket's time is how long it was open, and tells nothing."""
        self.classes[f"{request.status // 100}xx"] += 1
        self.bytes_out += request.bytes_out
        if request.status != 101:
            self._buckets[_bucket(request.seconds)] += 1

    def quantile(self, share: float) -> float:
        """Give the time, in seconds, that this share of the requests needed at most, within five percent."""
        wanted = share * sum(self._buckets.values())
        seen = 0
        for bucket, count in sorted(self._buckets.items()):
            seen += count
            if seen >= wanted:
                return 0.001 * math.exp(bucket * _WIDTH)
        return 0.0

    def told(self) -> dict[str, Any]:
        """Describe it as plain data."""
        return {
            "requests": sum(self.classes.values()),
            "classes": dict(self.classes),
            "bytes_out": self.bytes_out,
            "quantiles": [self.quantile(share) for share in (0.5, 0.95, 0.99)],
        }


def _bucket(seconds: float) -> int:
    """Sort a time into steps of five percent, the first of which ends at a millisecond."""
    return math.ceil(math.log(max(seconds, 0.001) / 0.001) / _WIDTH)
