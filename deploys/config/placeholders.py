"""Names of the examples, for which no CA that browsers trust issues anything. Pure."""

from collections.abc import Iterable, Iterator

from deploys.config.certificates import LETS_ENCRYPT, AcmeCertificate
from deploys.config.server import Server

_REMEDY = "write your own domain, this one is an example's"
_RESERVED = ("example", "example.com", "example.net", "example.org", "invalid", "localhost", "test")
"""What belongs to nobody (RFC 2606)."""
_OF_NO_SERVER = ("example", "example.com", "example.net", "example.org", "invalid")
"""Those by which nobody reaches a machine; `localhost` and `.test` may be a lab's."""


def placeholders(server: Server) -> Iterator[str]:
    """Find what has been left as it stands in the examples, a line for each."""
    if server.acme.directory_url not in LETS_ENCRYPT or not server.has_certificates:
        return
    if _is_reserved(server.acme.email.rpartition("@")[2]):
        yield f"acme['email']: {server.acme.email!r}: write your own address, this one is an example's"
    for domain, site in server.sites.items():
        if isinstance(site.certificate, AcmeCertificate):
            if _is_reserved(domain):
                yield f"sites: {domain!r}: {_REMEDY}"
            for alias in filter(_is_reserved, site.aliases):
                yield f"sites[{domain!r}]['aliases']: {alias!r}: {_REMEDY}"


def is_of_no_server(name: str) -> bool:
    """Say whether a host's name is one of the examples'."""
    return _is_within(name.lower().rstrip("."), _OF_NO_SERVER)


def _is_reserved(name: str) -> bool:
    return _is_within(name, _RESERVED)


def _is_within(name: str, domains: Iterable[str]) -> bool:
    return any(name == one or name.endswith(f".{one}") for one in domains)
