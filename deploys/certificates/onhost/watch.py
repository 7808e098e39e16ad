"""On the host: what is wrong with certificates, in their files and on the wire, and with what renews them."""

import time
from typing import Any

from deploys.certificates.onhost import x509
from deploys.onhost import run

DAY = 86400


def problems(settings: "dict[str, Any]") -> "list[str]":
    """List what is wrong, each in one line.

    Args:
        settings: `lineages`, a table from name to `chain`, `names`, `ask` and `renewed`; `timer` and
            `service`, the units that renew.

    """
    return [
        *(line for name, one in settings["lineages"].items() for line in lineage(name, one, time.time())),
        *(renewal(settings["timer"], settings["service"]) if settings["timer"] else ()),
    ]


def lineage(name: str, one: "dict[str, Any]", now: float) -> "list[str]":
    """List what is wrong with a certificate: in its file, and on the wire."""
    certificate = x509.read_certificate(one["chain"])
    if certificate is None:
        return [f"{name}: {one['chain']} holds no certificate"]
    if certificate["placeholder"]:
        return [f"{name}: is still served with the placeholder, the CA has issued nothing"]
    uncovered = sorted(set(one["names"]) - set(certificate["names"])) if one["renewed"] else []
    return [
        *(f"{name}: the certificate does not cover {other}" for other in uncovered),
        *(too_old(name, certificate, now, renewed=one["renewed"])),
        *(line for asked in one["ask"] if (line := _wire(asked, certificate["fingerprint"]))),
    ]


def too_old(name: str, certificate: "dict[str, Any]", now: float, *, renewed: bool) -> "list[str]":
    """Complain of a certificate that should have been renewed by now.

    certbot renews when a third is left, and passes twice a day: a certificate may be found a day later.
    """
    left, lifetime = certificate["not_after"] - now, certificate["not_after"] - certificate["not_before"]
    if left < 0:
        return [f"{name}: the certificate ended {_span(-left)} ago"]
    margin = DAY if lifetime >= 10 * DAY else 0
    enough = lifetime / 3 - margin if renewed else min(lifetime / 3, 30 * DAY)
    if left < enough:
        why = "and was not renewed" if renewed else "bring a new one"
        return [f"{name}: the certificate ends in {_span(left)}, {why}"]
    return []


def _span(seconds: float) -> str:
    days, hours = divmod(int(seconds) // 3600, 24)
    return f"{days} days" if days > 1 else f"{24 * days + hours} hours"


def _wire(name: str, fingerprint: str) -> "str | None":
    try:
        served = x509.served_fingerprint(name)
    except OSError as error:
        return f"{name}: nothing is served ({error})"
    if served != fingerprint:
        return f"{name}: another certificate is served than the one on disk; reload the proxy"
    return None


def renewal(timer: str, service: str) -> "list[str]":
    """List what is wrong with the timer, and with the last renewal."""
    state = run.properties(timer, "LoadState", "ActiveState", "SubState", "UnitFileState")
    if state.get("LoadState") != "loaded":
        return [f"{timer} is gone: nothing renews the certificates"]
    if state.get("ActiveState") != "active":
        return [f"{timer} is {state.get('ActiveState')}: nothing renews the certificates"]
    if state.get("SubState") == "elapsed":
        return [f"{timer} never fires again: nothing renews the certificates"]
    if state.get("UnitFileState") not in {"enabled", "static", "enabled-runtime"}:
        return [f"{timer} is {state.get('UnitFileState')}: after a reboot nothing renews the certificates"]
    result = run.properties(service, "Result").get("Result", "success")
    return [] if result == "success" else [f"{service}: the last renewal failed ({result})"]
