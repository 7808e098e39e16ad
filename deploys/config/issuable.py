"""Whether the CA can issue what the sites ask for. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploys.config.certificates import LETS_ENCRYPT, AcmeCertificate
from deploys.config.contradiction import Contradiction
from deploys.config.hosts import is_address

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
