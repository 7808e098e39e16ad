"""Whether the CA can issue what the sites ask for. Pure."""

from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from deploys.config.certificates import LETS_ENCRYPT, AcmeCertificate, DnsPlugin
from deploys.config.contradiction import Contradiction
from deploys.config.hosts import is_address
from deploys.config.remedies import closest

if TYPE_CHECKING:
    from deploys.config.server import Server

_MOST_NAMES = {None: 100, "classic": 100, "tlsserver": 25, "shortlived": 25}
"""How many names a certificate may have, by Let's Encrypt's profile (letsencrypt.org/docs/profiles)."""


def unprovable_names(server: "Server") -> Iterator[Contradiction]:
    """Find the names of which the CA can be given no proof."""
    if not server.has_certificates:
        return
    for domain, site in server.sites.items():
        if not isinstance(site.certificate, AcmeCertificate):
            continue
        challenge = site.certificate.challenge
        wildcards = [alias for alias in site.aliases if alias.startswith("*")]
        if wildcards and challenge == "http":
            remedy = "a wildcard is proven by DNS alone; set challenge to 'dns', or remove it"
            yield Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
        elif wildcards and not server.acme.dns:
            remedy = "a wildcard is proven by DNS alone; set acme['dns'] to a plugin or a hook"
            yield Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
        elif challenge == "dns" and not server.acme.dns:
            key = ("sites", domain, "certificate", "challenge")
            yield Contradiction(key, challenge, "set acme['dns'] to a plugin or a hook")
        elif is_address(domain) and (challenge == "dns" or wildcards):
            key = ("sites", domain, "certificate", "challenge")
            yield Contradiction(key, challenge, "an IP address is proven over HTTP alone; remove it")


def addresses_for_long(server: "Server") -> Iterator[Contradiction]:
    """Find the IP addresses for which there is no certificate of such a lifetime."""
    if server.acme.directory_url not in LETS_ENCRYPT or not server.has_certificates:
        return
    for domain, site in server.sites.items():
        if not isinstance(site.certificate, AcmeCertificate) or not is_address(domain):
            continue
        profile = site.certificate.profile or server.acme.profile
        if profile != "shortlived":
            remedy = 'set it to "shortlived": Let\'s Encrypt issues for IP addresses by no other profile'
            yield Contradiction(("sites", domain, "certificate", "profile"), profile, remedy)


def private_names(server: "Server") -> Iterator[Contradiction]:
    """Find the sites that are only known on networks of their own, of which Let's Encrypt gets no proof."""
    if server.acme.directory_url not in LETS_ENCRYPT or not server.has_certificates:
        return
    remedy = "Let's Encrypt issues for nothing that only a network of your own knows; take a public name, "
    remedy += 'or give the site a certificate of yours: {"chain": …, "key": …}'
    for domain, site in server.sites.items():
        if isinstance(site.certificate, AcmeCertificate):
            for name in filter(_is_private, (domain, *site.aliases)):
                yield Contradiction(("sites", domain), name, remedy)


def _is_private(name: str) -> bool:
    if is_address(name):
        address = ip_address(name)
        return any(address in network for network in _PRIVATE if network.version == address.version)
    return name.endswith(_PRIVATE_NAMES)


_PRIVATE = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ),
    )
)
"""RFC 1918, 3927, 4193, 4291 and 6598."""
_PRIVATE_NAMES = (
    ".local",
    ".internal",
    ".lan",
    ".home.arpa",
    ".localdomain",
    ".intranet",
    ".corp",
    ".home",
    ".onion",
)
"""RFC 6762 and 8375, and what nobody can register."""


def misspelt_profiles(server: "Server") -> Iterator[Contradiction]:
    """Find the profiles that are nearly, and not quite, one of Let's Encrypt's, which may get others yet."""
    if server.acme.directory_url not in LETS_ENCRYPT or not server.has_certificates:
        return
    known = [profile for profile in _MOST_NAMES if profile]
    groups: dict[tuple[str, ...], object] = {("acme",): server.acme}
    groups |= {("sites", domain, "certificate"): site.certificate for domain, site in server.sites.items()}
    for key, group in groups.items():
        profile = getattr(group, "profile", None)
        near = closest(profile, known, cutoff=0.8) if profile and profile not in known else None
        if near:
            yield Contradiction(
                (*key, "profile"), profile, f"did you mean {near!r}? so Let's Encrypt calls it"
            )


_TAKING_CREDENTIALS = {
    *("cloudflare", "digitalocean", "dnsimple", "dnsmadeeasy", "gehirn", "linode", "luadns", "nsone", "ovh"),
    *("rfc2136", "sakuracloud"),
}
"""Plugins of certbot's own that do nothing without a file of credentials."""


def dns_without_credentials(server: "Server") -> Iterator[Contradiction]:
    """Find a plugin for DNS that nobody lets in there."""
    dns = server.acme.dns if server.has_certificates else None
    if isinstance(dns, DnsPlugin) and dns.plugin in _TAKING_CREDENTIALS and not dns.credentials:
        remedy = "add what the plugin asks for, as its page of certbot's documentation lists it: "
        remedy += f'{{"dns_{dns.plugin}_…": {{"env": …}}}}'
        yield Contradiction(("acme", "dns", "credentials"), {}, remedy)


def too_many_names(server: "Server") -> Iterator[Contradiction]:
    """Find the sites that have more names than a certificate."""
    if server.acme.directory_url not in LETS_ENCRYPT or not server.has_certificates:
        return
    for domain, site in server.sites.items():
        if isinstance(site.certificate, AcmeCertificate):
            profile = site.certificate.profile or server.acme.profile
            most = _MOST_NAMES.get(profile, _MOST_NAMES[None])
            names = len({domain, *site.aliases})
            if names > most:
                with_profile = f' with the profile "{profile}"' if profile in _MOST_NAMES and profile else ""
                remedy = f"Let's Encrypt puts at most {most} names into a certificate{with_profile}, "
                remedy += f"these are {names} with the site's own; make two sites of it"
                yield Contradiction(("sites", domain, "aliases"), site.aliases, remedy)
