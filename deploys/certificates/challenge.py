"""Whether the CA will find the challenge: what the server and the controller saw, put together. Pure."""

from collections.abc import Collection, Mapping
from ipaddress import ip_address

Seen = Mapping[str, Mapping[str, str]]
"""By name, then by address: what came of fetching the token from there."""


def problems(names: Collection[str], views: Collection[Seen], own: Collection[str]) -> dict[str, str]:
    """Tell of each name that will fail why it will.

    An address is good when one view reached it, or when none could try: a controller without IPv6
    proves nothing, and a server behind NAT may not reach its own public address.

    Args:
        names: what is to be on the certificate.
        views: what the server saw, and what the controller saw.
        own: the server's addresses.

    """
    found = {}
    for name in names:
        addresses = sorted({address for view in views for address in view.get(name, {})})
        told = [_problem([view.get(name, {}).get(a) for view in views], a, own) for a in addresses]
        if wrong := [problem for problem in told if problem]:
            found[name] = "; ".join(wrong)
        elif not addresses:
            found[name] = "no address: DNS has neither an A nor an AAAA record for it"
    return found


def _problem(outcomes: Collection[str | None], address: str, own: Collection[str]) -> str | None:
    tried = [outcome for outcome in outcomes if outcome and outcome != "no route"]
    if not tried or "ok" in tried:
        return None
    what = {
        "refused": f"{address} refuses connections on port 80",
        "silent": f"{address} does not answer on port 80",
    }.get(tried[0], f"{address} answers port 80 with {tried[0]} instead of the token")
    if _is_elsewhere(address, own):
        return f"wrong address: {what}; this server has {', '.join(sorted(own))}"
    return f"{'port closed' if tried[0] in {'refused', 'silent'} else 'wrong answer'}: {what}"


def _is_elsewhere(address: str, own: Collection[str]) -> bool:
    """Behind NAT nothing can be said: there the server does not have the public address itself."""
    this = ip_address(address)
    alike = [ip_address(one) for one in own if ip_address(one).version == this.version]
    return address not in own and any(one.is_global == this.is_global for one in alike)
