"""What is read on the controller: files, and secrets from where they are."""

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from deploys import given
from deploys.certificates import certbot
from deploys.certificates.wanted import Brought
from deploys.config import Acme
from deploys.config.certificates import DnsHook, DnsPlugin
from deploys.refusal import Refusal
from deploys.secrets import with_secrets


def text(key: str, path: str) -> str:
    """Read a text file on the controller.

    Args:
        key: the setting that names it.
        path: relative to the folder in which pyinfra runs.

    Raises:
        Refusal: it cannot be read.

    """
    return given.text(path, key, "write the path of a text file on this machine")


def bundle(path: str) -> str:
    """Read the roots that sign a CA's own HTTPS.

    Raises:
        Refusal: the file cannot be read, or holds no certificate.

    """
    found = text("acme['ca_bundle']", path)
    if "-----BEGIN CERTIFICATE-----" not in found:
        raise Refusal(f"acme['ca_bundle']: {path!r}: give a PEM file with the roots of the CA's HTTPS")
    return found


def dns_text(acme: Acme) -> str:
    """Give what certbot's file for DNS is to say: the hook, or the plugin's credentials; empty without one.

    Raises:
        Refusal: the hook or a secret cannot be read.

    """
    match acme.dns:
        case DnsHook(hook=hook):
            return text("acme['dns']['hook']", hook)
        case DnsPlugin():
            return certbot.credentials(with_secrets(acme.dns, "acme['dns']")["credentials"])
        case None:
            return ""


def pair(brought: Brought) -> tuple[str, str]:
    """Read a certificate that the user brings: its chain, and its key.

    Raises:
        Refusal: a file cannot be read, key and certificate do not belong together, or a name is missing.

    """
    where = f"sites[{brought.lineage.name!r}]['certificate']"
    chain, key = text(f"{where}['chain']", brought.chain), text(f"{where}['key']", brought.key)
    try:
        certificate = x509.load_pem_x509_certificates(chain.encode())[0]
    except ValueError:
        raise Refusal(f"{where}['chain']: {brought.chain!r}: holds no PEM certificate") from None
    try:
        private = load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise Refusal(f"{where}['key']: {brought.key!r}: holds no unencrypted PEM key") from None
    if private.public_key() != certificate.public_key():
        raise Refusal(f"{where}['key']: {brought.key!r}: is not the key of the certificate")
    missing = [name for name in brought.lineage.names if not _covers(certificate, name)]
    if missing:
        raise Refusal(f"{where}['chain']: {brought.chain!r}: does not cover {', '.join(missing)}")
    return chain, key


def _covers(certificate: x509.Certificate, name: str) -> bool:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return False
    known = {
        *(one.lower() for one in names.get_values_for_type(x509.DNSName)),
        *(str(one) for one in names.get_values_for_type(x509.IPAddress)),
    }
    return name in known or "*." + name.partition(".")[2] in known
