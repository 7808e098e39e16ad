"""What each certificate needs next, and why, in words. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deploys.certificates.onhost import subset
from deploys.certificates.wanted import Brought, Wanted
from deploys.places.certificates import BROUGHT, LIVE, WEBROOT

DAY = 86400
Kind = Literal["issue", "issue again", "renew", "serve"]


@dataclass(frozen=True)
class Step:
    """What one certificate needs."""

    kind: Kind
    reason: str
    covered: frozenset[str] = frozenset()
    """The wanted names that the present certificate serves, if it can go on doing so for a while."""
    only_names: bool = False
    """Whether the present certificate is as wanted but for its names."""

    unserved: bool = False
    """Whether the present certificate, though it is the one in use, is not served or not renewed."""

    def is_worth(self, proven: Collection[str]) -> bool:
        """Say whether a certificate for just these names is better than the present one."""
        return subset.is_worth(self.covered, proven, only_names=self.only_names)


def step(wanted: Wanted, found: Mapping[str, Any] | None, now: float, *, force: bool = False) -> Step | None:
    """Compare what is wanted of a lineage with what was found of it.

    Args:
        wanted: the certificate that should be there.
        found: what `look` found of the lineage; None on a machine that could not be asked yet.
        now: seconds since the epoch, by the server's clock.
        force: whether to renew what is not due.

    """
    live = found["live"] if found else None
    if not found or not live or not found["renewal"]:
        return Step("issue", _loss(found))
    names = _changed_names(wanted, live)
    changes = [*names, *_changed_terms(wanted, live, found["renewal"])]
    due = force or is_due(live, now)
    covered = _covered(wanted, live, found["renewal"], now)
    target = f"{LIVE}/{wanted.lineage.name}"
    unused = _unused(target, found, live)
    unserved = bool(unused) and found["leads_to"] == target
    if changes:
        only_names = changes == names and not due
        return Step("issue again", "; ".join(changes), covered, only_names, unserved)
    if due:
        reason = "asked for" if force else _end_in_words(live["not_after"] - now)
        return Step("renew", reason, covered, unserved=unserved)
    return Step("serve", unused) if unused else None


def _covered(
    wanted: Wanted, live: Mapping[str, Any], renewal: Mapping[str, str], now: float
) -> frozenset[str]:
    """Give the names that have a good certificate now; one of another CA, or near its end, is not good."""
    left, lifetime = live["not_after"] - now, live["not_after"] - live["not_before"]
    if renewal.get("server") != wanted.directory_url or left < lifetime / 6:
        return frozenset()
    return frozenset(live["names"]).intersection(wanted.lineage.names)


def _loss(found: Mapping[str, Any] | None) -> str:
    if found and found["live"]:
        return "certbot's record of it is lost"
    return "the one that was there is damaged" if found and found["renewal"] else "none yet"


def _unused(target: str, found: Mapping[str, Any], certificate: Mapping[str, Any]) -> str | None:
    if found["leads_to"] != target:
        return "issued, but not in use yet"
    if found["wire"] and found["wire"] != certificate["fingerprint"]:
        return "the proxy still serves another one"
    if found["renewal"].get("autorenew") == "False":
        return "its renewal is switched off"
    return None


def brought_step(name: str, found: Mapping[str, Any] | None, digest: str) -> str | None:
    """Say why a certificate that the user brings has to be put in place, or None where it is."""
    if not found or found["leads_to"] != f"{BROUGHT}/{name}/{digest}":
        return (
            "another one than before" if found and BROUGHT in (found["leads_to"] or "") else "not in use yet"
        )
    serving = found["serving"] or {}
    return (
        "the proxy still serves another one"
        if found["wire"] not in {None, serving.get("fingerprint")}
        else None
    )


def superseded(brought: Iterable[Brought], found: Mapping[str, Any]) -> list[str]:
    """List the lineages that the user brings, and that certbot still renews besides.

    Args:
        brought: what the user brings.
        found: what `look` found.

    """
    known = found.get("lineages", {})
    return [one.lineage.name for one in brought if known.get(one.lineage.name, {}).get("renewal")]


def _changed_names(wanted: Wanted, live: Mapping[str, Any]) -> list[str]:
    names = set(wanted.lineage.names)
    added = sorted(f"+{name}" for name in names - set(live["names"]))
    removed = sorted(f"-{name}" for name in set(live["names"]) - names)
    return [f"names changed: {' '.join(added + removed)}"] if added or removed else []


def _changed_terms(wanted: Wanted, live: Mapping[str, Any], renewal: Mapping[str, str]) -> list[str]:
    terms = [
        ("CA", renewal.get("server", "unknown"), wanted.directory_url),
        ("key type", live["key_type"], wanted.key_type),
        ("profile", renewal.get("required_profile", "the CA's own"), wanted.profile or "the CA's own"),
        ("challenge", renewal.get("authenticator", "unknown"), wanted.authenticator),
    ]
    if wanted.by_http and renewal.get("authenticator") == "webroot":
        # A lineage that was there before us: its challenges go where nobody serves them any more.
        terms.append(("webroot", renewal.get("webroot_path", "unknown"), WEBROOT))
    changes = [f"{what} changed: {was} -> {to}" for what, was, to in terms if was != to]
    same_way = renewal.get("authenticator") == wanted.authenticator
    if wanted.dns and same_way and renewal.get("gatehouse_dns") != wanted.dns:
        changes.append("DNS settings changed")
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
