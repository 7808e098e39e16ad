"""What each certificate needs next, and why, in words. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deploys.certificates.paths import LIVE, Lineage

DAY = 86400
Kind = Literal["issue", "issue again", "renew", "serve"]


@dataclass(frozen=True)
class Wanted:
    """A certificate as the settings want it."""

    lineage: Lineage
    directory_url: str
    key_type: str


@dataclass(frozen=True)
class Step:
    """What one certificate needs."""

    kind: Kind
    reason: str


def step(wanted: Wanted, found: Mapping[str, Any] | None, now: float) -> Step | None:
    """Compare what is wanted of a lineage with what was found of it.

    Args:
        wanted: the certificate that should be there.
        found: what `remote_look` found of the lineage; None on a machine that could not be asked yet.
        now: seconds since the epoch, by the server's clock.

    """
    live = found["live"] if found else None
    if not found or not live:
        return Step("issue", "none yet")
    if changes := _changes(wanted, live, found["renewal"]):
        return Step("issue again", "; ".join(changes))
    if is_due(live, now):
        return Step("renew", _end_in_words(live["not_after"] - now))
    if found["leads_to"] != f"{LIVE}/{wanted.lineage.name}":
        return Step("serve", "issued, but not in use yet")
    if found["wire"] and found["wire"] != live["fingerprint"]:
        return Step("serve", "the proxy still serves another one")
    return None


def _changes(wanted: Wanted, live: Mapping[str, Any], renewal: Mapping[str, str]) -> list[str]:
    changes = []
    names = set(wanted.lineage.names)
    added = sorted(f"+{name}" for name in names - set(live["names"]))
    removed = sorted(f"-{name}" for name in set(live["names"]) - names)
    if added or removed:
        changes.append(f"names changed: {' '.join(added + removed)}")
    if renewal.get("server") != wanted.directory_url:
        changes.append(f"CA changed: {renewal.get('server', 'unknown')} -> {wanted.directory_url}")
    if live["key_type"] != wanted.key_type:
        changes.append(f"key type changed: {live['key_type']} -> {wanted.key_type}")
    return changes


def is_due(certificate: Mapping[str, Any], now: float) -> bool:
    """Say whether it is time to renew: a third of the lifetime is left, or half of a short one."""
    lifetime = certificate["not_after"] - certificate["not_before"]
    share = 3 if lifetime >= 10 * DAY else 2
    return bool(certificate["not_after"] - now < lifetime / share)


def _end_in_words(seconds: float) -> str:
    days, hours = divmod(abs(int(seconds)) // 3600, 24)
    span = f"{days} days" if days > 1 else f"{24 * days + hours} hours"
    return f"ends in {span}" if seconds > 0 else f"ended {span} ago"
