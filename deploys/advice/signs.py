"""By what answers are known: whose the addresses are to which DNS leads, and names behind names. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from deploys.advice.tree import BALANCER, CLOUDFLARES, ITSELF, PLATFORMS
from deploys.config.cloudflare import CLOUDFLARE

_PLATFORMS = {
    "azurestaticapps.net": "Azure Static Web Apps",
    "azurewebsites.net": "Azure App Service",
    "awsapprunner.com": "AWS App Runner",
    "fly.dev": "Fly.io",
    "github.io": "GitHub Pages",
    "herokuapp.com": "Heroku",
    "herokudns.com": "Heroku",
    "netlify.app": "Netlify",
    "ondigitalocean.app": "DigitalOcean App Platform",
    "onrender.com": "Render",
    "pages.dev": "Cloudflare Pages",
    "pythonanywhere.com": "PythonAnywhere",
    "railway.app": "Railway",
    "run.app": "Google Cloud Run",
    "vercel-dns.com": "Vercel",
    "vercel.app": "Vercel",
    "workers.dev": "Cloudflare Workers",
}
_BALANCERS = {
    "cloudapp.azure.com": "a public address of Azure",
    "elb.amazonaws.com": "an AWS load balancer",
    "trafficmanager.net": "Azure Traffic Manager",
}
_CDNS = {
    "azurefd.net": "Azure Front Door",
    "cloudfront.net": "AWS CloudFront",
}
"""What the names behind names end with, by the platforms' and clouds' own documentation."""


@dataclass(frozen=True)
class Sign:
    """An answer to the first question of the tree, and by what it is known."""

    answer: str
    words: str
    needs: tuple[str, ...] = ()
    """What only a proxy does, and this asks for."""


def read(addresses: Collection[str], behind: str, own: Collection[str]) -> Sign:
    """Say where DNS leads a name.

    Args:
        addresses: what DNS has for it.
        behind: the name to which it is an alias, itself where it is none.
        own: the server's own addresses.

    """
    if not addresses:
        return Sign(ITSELF, "DNS has no address for it")
    strange = [address for address in addresses if address not in own]
    if not strange:
        return Sign(ITSELF, f"{_listed(addresses)}: the server's own")
    for known, answer in ((_PLATFORMS, PLATFORMS), (_BALANCERS, BALANCER), (_CDNS, BALANCER)):
        for suffix, whose in known.items():
            if behind.endswith(f".{suffix}"):
                needs = (f"{whose} comes over the Internet",) if known is _CDNS else ()
                return Sign(answer, f"it is an alias of {behind}: {whose}", needs)
    if all(_is_in(address, CLOUDFLARE) for address in addresses):
        return Sign(CLOUDFLARES, f"{_listed(addresses)}: in Cloudflare's networks")
    words = f"{_listed(strange)}: no address of the server's ({_listed(own) or 'none known'})"
    return Sign(BALANCER, f"{words}, so something else answers there")


def _is_in(address: str, networks: Iterable[str]) -> bool:
    return any(ip_address(address) in ip_network(network) for network in networks)


def _listed(addresses: Iterable[str]) -> str:
    return ", ".join(sorted(addresses))
