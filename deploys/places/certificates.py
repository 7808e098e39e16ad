"""Where certificates are on a server, before and after the CA has issued them. Pure."""

from dataclasses import dataclass

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
