"""What a site's users get at this moment: the answer, and for how long the certificate is good."""

import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import responses

from cryptography import x509
from cryptography.x509.oid import NameOID

from deploys.certificates.onhost.x509 import PLACEHOLDER
from deploys.onhost.words import shown
from deploys.routing import Asked
from deploys.verification.visit import Visit, addresses, has_route, in_words

_DAY = 86400
_MOST = 60


@dataclass(frozen=True)
class Glimpse:
    """What came of asking for a site once."""

    name: str
    url: str
    status: int | None
    """None where there was no answer."""
    answer: str
    """The status with its reason, or why there was none."""
    days: int | None = None
    """For how many days the certificate is good; None where the CA has issued none, or nothing was served."""
    placeholder: bool = False
    in_dns: bool = True
    """Whether DNS has an address for the name, as far as can be seen from here."""

    @property
    def certificate(self) -> str:
        """Say how the certificate is."""
        if self.placeholder:
            return "placeholder, no certificate from the CA yet"
        return "" if self.days is None else f"certificate good for {self.days} days"


def glimpses(sites: Iterable[Asked], server: str) -> list[Glimpse]:
    """Ask for each site once, at the address that DNS gives, or else at the server's own.

    Args:
        sites: what to ask for.
        server: the name or address by which the server itself is reached.

    """
    with ThreadPoolExecutor(max_workers=16) as pool:
        return list(pool.map(lambda site: _glimpse(site, server), sites))


def _glimpse(site: Asked, server: str) -> Glimpse:
    known = addresses(site.name)
    reached = next(filter(has_route, known or ([] if site.is_elsewhere else addresses(server))), None)
    url = site.url
    if reached is None:
        return Glimpse(site.name, url, None, "no address to ask at", in_dns=bool(known))
    visit = Visit(site.name, reached)
    try:
        days, placeholder = certificate(visit.served())
        answer = visit.get(site.path)
    except OSError as error:
        return Glimpse(site.name, url, None, shown(in_words(error), _MOST), in_dns=bool(known))
    # Not its own reason, which can be whatever an app likes.
    words = f"{answer.status} {responses.get(answer.status, '')}".strip()
    return Glimpse(site.name, url, answer.status, words, days, placeholder, bool(known))


def certificate(served: bytes) -> tuple[int | None, bool]:
    """Say for how many days a certificate is good, and whether it is a placeholder, of which nothing counts.

    Args:
        served: whatever was served under a name, by whomever.

    Raises:
        OSError: it cannot be read.

    """
    try:
        found = x509.load_der_x509_certificate(served)
        organisations = found.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        end = found.not_valid_after_utc.timestamp()
    except (ValueError, x509.InvalidVersion):
        raise OSError("it serves a certificate that cannot be read") from None
    if any(one.value == PLACEHOLDER for one in organisations):
        return None, True
    return int((end - time.time()) // _DAY), False
