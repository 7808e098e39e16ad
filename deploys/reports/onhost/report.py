"""On the host: what the access log says of a span of time, counted while it is read."""

import gzip
import json
import math
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

MOST = 10_000
"""How many different paths, and failures, are counted apart, so that a scanner does not fill the memory."""

MOST_CLIENTS = 10 * MOST

LONGEST = 200
"""How many characters of a path are told."""

OTHERS = "(all others)"

_AGENT = "gatehouse"
"""What our own looks from outside, and those before a challenge, call themselves."""
_CHALLENGES = "/.well-known/acme-challenge/"

Key = TypeVar("Key")

_NUMBERS = re.compile(r"(?<=/)(?:\d+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})(?=/|$)", re.I)
_WIDTH = math.log(1.05)


def main(argument: dict[str, Any]) -> dict[str, Any]:
    """Sum up the requests of a span of time.

    Args:
        argument: `log`, the path of the access log, beside which the rotated ones are; `seconds`, how far to
            go back; `site`, the only one that counts, or None; `most`, how many lines each list may have.

    """
    since = time.time() - argument["seconds"]
    return summary(entries(lines(argument["log"], since), since), argument["site"], argument["most"])


def lines(log: str, since: float) -> Iterator[str]:
    """Read the log and those rotated away, the oldest first, but none that ended before the time."""
    known = Path(log).parent.glob(f"{Path(log).name}*")
    for path in sorted((one for one in known if one.stat().st_mtime >= since), key=os.path.getmtime):
        unpacked = gzip.open if path.suffix == ".gz" else open
        with unpacked(path, "rt", errors="replace") as file:
            yield from file


def entries(read: Iterable[str], since: float) -> Iterator[dict[str, Any]]:
    """Parse the lines that are of the time; a line that was cut off does not count."""
    for line in read:
        try:
            entry = json.loads(line)
            if datetime.fromisoformat(entry["time"]).timestamp() >= since:
                yield entry
        except (ValueError, KeyError, TypeError):
            continue


def summary(found: Iterable[dict[str, Any]], site: str | None, most: int) -> dict[str, Any]:
    """Count requests by site and by path.

    Args:
        found: parsed lines, the oldest first.
        site: the only one that counts, or None.
        most: how many lines each list may have.

    """
    sites: defaultdict[str, Tally] = defaultdict(Tally)
    paths: dict[tuple[str, str, str], Tally] = {}
    failures: dict[tuple[str, int], dict[str, Any]] = {}
    unknown: Counter[str] = Counter()
    clients: Counter[str] = Counter()
    ours = 0
    for entry in found:
        if site not in {None, entry["host"]}:
            continue
        if is_of_operation(entry):
            ours += 1
            continue
        host = _within(sites, entry["host"], OTHERS, MOST)
        status, method, path = entry["status"], entry["method"][:20], kind_of(entry["path"])[:LONGEST]
        sites[host].add(entry)
        key = _within(paths, (host, method, path), (host, "", OTHERS), MOST)
        paths.setdefault(key, Tally()).add(entry)
        clients[_within(clients, entry["client"], OTHERS, MOST_CLIENTS)] += 1
        what = f"{method} {host}{path}"
        if status >= 500 or status == 0:
            what, status = _within(failures, (what, status), (OTHERS, status), MOST)
            last = failures.setdefault((what, status), {"what": what, "status": status, "count": 0})
            last.update(count=last["count"] + 1, time=entry["time"], id=entry["id"])
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


def is_of_operation(entry: dict[str, Any]) -> bool:
    """Say whether a request comes from running the site: our own looks, and those at challenges."""
    return entry.get("agent") == _AGENT or entry["path"].startswith(_CHALLENGES)


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

    def add(self, entry: dict[str, Any]) -> None:
        """Count a request. A WebSocket's time is how long it was open, and tells nothing."""
        self.classes[f"{entry['status'] // 100}xx"] += 1
        self.bytes_out += entry["bytes_out"]
        if entry["status"] != 101:
            self._buckets[_bucket(entry["seconds"])] += 1

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
    """Sort a time into steps of five percent; nginx tells milliseconds."""
    return math.ceil(math.log(max(seconds, 0.001) / 0.001) / _WIDTH)
