"""Whether the CA will find the challenge: what the server and the controller saw, put together. Pure."""

from collections.abc import Collection, Mapping
from ipaddress import ip_address

Seen = Mapping[str, Mapping[str, str]]
"""By name, then by address: what came of fetching the token from there."""


def problems(names: Collection[str], server: Seen, controller: Seen, own: Collection[str]) -> dict[str, str]:
    """Tell of each name that will fail why it will.

    An address is good when one view reached it, or when none could try: a controller without IPv6
    proves nothing, and a server behind NAT may not reach its own public address. A server that reaches
    an address of its own has not left itself, and knows nothing of the firewall in front of it: there the
    controller has the last word.

    Args:
        names: what is to be on the certificate.
        server: what the server saw.
        controller: what the machine saw on which the deploy runs.
        own: the server's addresses.

    """
    found = {}
    for name in names:
        inside, outside = server.get(name, {}), controller.get(name, {})
        told = [
            _problem(inside.get(address), outside.get(address), address, own)
            for address in sorted({*inside, *outside})
        ]
        if wrong := [problem for problem in told if problem]:
            found[name] = "; ".join(wrong)
        elif not told:
            found[name] = "no address: DNS has neither an A nor an AAAA record for it"
    return found


def _problem(inside: str | None, outside: str | None, address: str, own: Collection[str]) -> str | None:
    heard = [outcome for outcome in (outside, inside) if outcome and outcome != "no route"]
    if not heard or heard[0] == "ok" or ("ok" in heard and address not in own):
        return None
    what = {
        "refused": f"{address} refuses connections on port 80",
        "silent": f"{address} does not answer on port 80",
    }.get(heard[0], f"{address} answers port 80 with {heard[0]} instead of the token")
    if _is_elsewhere(address, own):
        return f"wrong address: {what}; this server has {', '.join(sorted(own))}"
    walled = "; from the server itself all is well: is there a firewall in front?" if inside == "ok" else ""
    return f"{'port closed' if heard[0] in {'refused', 'silent'} else 'wrong answer'}: {what}{walled}"


def _is_elsewhere(address: str, own: Collection[str]) -> bool:
    """Behind NAT nothing can be said: there the server does not have the public address itself."""
    this = ip_address(address)
    alike = [ip_address(one) for one in own if ip_address(one).version == this.version]
    return address not in own and any(one.is_global == this.is_global for one in alike)
