"""What the settings want of each certificate. Pure."""

from dataclasses import dataclass

from deploys.config import AcmeCertificate, OwnCertificate, Server
from deploys.config.certificates import DnsHook, DnsPlugin
from deploys.config.hosts import is_address
from deploys.places.certificates import Lineage
from deploys.routing import lineages


@dataclass(frozen=True)
class Wanted:
    """A certificate that the CA is to issue."""

    lineage: Lineage
    directory_url: str
    key_type: str = "ecdsa"
    profile: str | None = None
    authenticator: str = "webroot"
    """certbot's word for the way in which the CA sees that the names are ours."""
    dns: str | None = None
    """The digest of all that says how challenges get into DNS; None where that is not compared."""

    @property
    def by_http(self) -> bool:
        """Whether the CA fetches a token from each name."""
        return self.authenticator == "webroot"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The names that are IP addresses."""
        return tuple(name for name in self.lineage.names if is_address(name))


@dataclass(frozen=True)
class Brought:
    """A certificate that the user brings, as files on the controller."""

    lineage: Lineage
    chain: str
    key: str


def wanted(server: Server) -> tuple[Wanted, ...]:
    """List the certificates that the CA is to issue."""
    return tuple(
        Wanted(
            lineage=lineage,
            directory_url=server.acme.directory_url,
            key_type=certificate.key_type or server.acme.key_type,
            profile=certificate.profile or server.acme.profile,
            authenticator=_authenticator(server, certificate, lineage),
        )
        for lineage in lineages(server)
        if isinstance(certificate := server.sites[lineage.name].certificate, AcmeCertificate)
    )


def brought(server: Server) -> tuple[Brought, ...]:
    """List the certificates that the user brings."""
    return tuple(
        Brought(lineage, certificate.chain, certificate.key)
        for lineage in lineages(server)
        if isinstance(certificate := server.sites[lineage.name].certificate, OwnCertificate)
    )


def _authenticator(server: Server, certificate: AcmeCertificate, lineage: Lineage) -> str:
    wildcard = any(name.startswith("*") for name in lineage.names)
    if certificate.challenge != "dns" and not wildcard:
        return "webroot"
    match server.acme.dns:
        case DnsPlugin(plugin=plugin):
            return f"dns-{plugin}"
        case DnsHook():
            return "manual"
        case None:
            raise AssertionError("the settings were not checked")
