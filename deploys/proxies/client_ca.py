"""The CA by whose certificates an edge shows who it is."""

from collections.abc import Mapping
from datetime import UTC, datetime

from cryptography import x509

from deploys.config import Edge
from deploys.config.edge import OF_CLOUDFLARE
from deploys.render import render


def client_ca(edge: Edge | None, texts: Mapping[str, str]) -> str:
    """Give its certificates, in PEM; nothing where the edge need not show who it is. Pure.

    Args:
        edge: what stands in front.
        texts: the contents of the user's own files, by their paths on the controller.

    """
    if edge is None or edge.client_ca is None:
        return ""
    if edge.client_ca == OF_CLOUDFLARE:
        # By its own documentation of authenticated origin pulls; valid until November 2029.
        return render("proxies/cloudflare-origin-pull-ca.pem")
    return texts[edge.client_ca]


def problem(text: str) -> str:
    """Say why a file is not what such a CA is known by; empty where it is."""
    if "PRIVATE KEY" in text:
        return "it holds a private key; give the CA's certificate alone, the key stays where it signs"
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        return "it holds no PEM certificate"
    for certificate in found:
        name = certificate.subject.rfc4514_string()
        if not _signs(certificate):
            return f"{name} is no CA; give the certificate of the CA that has signed the edge's"
        end = certificate.not_valid_after_utc
        if end < datetime.now(UTC):
            return f"{name} has ended on {end:%Y-%m-%d}; give the one that follows it"
    return ""


def _signs(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
