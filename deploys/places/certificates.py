"""Where certificates are on a server, before and after the CA has issued them. Pure."""

from dataclasses import dataclass

from deploys.places.owned import Owned
from deploys.places.programs import LIBRARY
from deploys.places.systemd import drop_in, unit_file

CERTIFICATES = "/etc/gatehouse/certificates"
TOLD = "/var/lib/gatehouse/acme-account.json"
"""Which address each CA was last told."""

BROUGHT = "/etc/gatehouse/brought"
"""Certificates that the user brings, each pair in a directory of its digest."""

PLACEHOLDERS = "/var/lib/gatehouse/placeholders"
LETSENCRYPT = "/etc/letsencrypt"
LIVE = f"{LETSENCRYPT}/live"
ASIDE = f"{LETSENCRYPT}/gatehouse-aside"
"""What is left of damaged lineages, each in a directory of its name and the time."""

WEBROOT = "/var/lib/gatehouse/acme"
"""Below it, `.well-known/acme-challenge/` is answered over plain HTTP for every name."""
CHALLENGES = "/.well-known/acme-challenge/"


HOOK = f"{LETSENCRYPT}/renewal-hooks/deploy/gatehouse"
RENEWAL_SETTINGS = "/etc/gatehouse/renewal.json"
CA_BUNDLE = "/etc/gatehouse/acme-ca.pem"
DNS_HOOK = "/etc/gatehouse/dns-hook"
DNS_CREDENTIALS = "/etc/gatehouse/dns-credentials.ini"

CERTBOTS = ("certbot.timer", "snap.certbot.renew.timer")
"""The timers that come with certbot, from Debian and from Canonical's store."""

TIMER = "gatehouse-certbot.timer"
"""What renews where certbot is one from PyPI."""

RENEW = f"{LIBRARY}/renew"
CERTBOT_DROP_IN = drop_in("certbot.service", "gatehouse")
"""Drop-in for the certbot of the distribution."""

PINNED_CERTBOTS = "/opt/gatehouse/certbot-*"

SERVICE = "gatehouse-certbot.service"
PINNED_UNITS = (unit_file(SERVICE), unit_file(TIMER))


OWNED = Owned(
    paths=(
        *(CERTIFICATES, BROUGHT, PLACEHOLDERS, WEBROOT, ASIDE, TOLD),
        *(HOOK, RENEWAL_SETTINGS, CA_BUNDLE, DNS_HOOK, DNS_CREDENTIALS),
        *(CERTBOT_DROP_IN, *PINNED_UNITS, PINNED_CERTBOTS, f"/var/lib/systemd/timers/stamp-{TIMER}"),
    ),
    units=(SERVICE, TIMER),
)
"""What certbot itself keeps stays, as it was there before us or may be wanted after us."""


@dataclass(frozen=True)
class Lineage:
    """One certificate over its renewals: a name of its own, and the names that it covers."""

    name: str
    names: tuple[str, ...]

    @property
    def directory(self) -> str:
        """A link that always leads to a key and a chain: the placeholder's, then the CA's."""
        return f"{CERTIFICATES}/{self.name}"

    @property
    def chain(self) -> str:
        return f"{self.directory}/fullchain.pem"

    @property
    def key(self) -> str:
        return f"{self.directory}/privkey.pem"

    @property
    def on_the_wire(self) -> tuple[str, ...]:
        """The names to ask for when looking at what a proxy serves."""
        return tuple(name.replace("*", "gatehouse-check", 1) for name in self.names)
