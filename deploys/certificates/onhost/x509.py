"""On the host: what a certificate says, in a file or on the wire."""

import hashlib
import re
import socket
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from deploys.onhost import run

PLACEHOLDER = "gatehouse placeholder"
"""The organisation in a placeholder's subject, by which it is known for one."""


def read_certificate(chain: str) -> "dict[str, Any] | None":
    """Describe the first certificate of a PEM file, or say None where there is none that can be read.

    Args:
        chain: path of the file, the leaf first.

    """
    try:
        pem = Path(chain).read_text()
    except (OSError, UnicodeDecodeError):
        return None
    command = ["/usr/bin/openssl", "x509", "-noout", "-text", "-nameopt", "oneline,-esc_msb"]
    done = run.attempt(*command, stdin=pem)
    if done.returncode != 0:
        return None
    first = pem[pem.index("-----BEGIN") :].split("-----END")[0] + "-----END CERTIFICATE-----\n"
    return _described(done.stdout) | {"fingerprint": _fingerprint(ssl.PEM_cert_to_DER_cert(first))}


def _described(text: str) -> "dict[str, Any]":
    names = re.findall(r"DNS:([^,\s]+)", text)
    addresses = re.findall(r"IP Address:([^,\s]+)", text)
    key = _after(text, "Public Key Algorithm")
    serial = re.search(r"Serial Number:\s*(?:\d+ \(0x([0-9a-f]+)\)|((?:[0-9a-f]{2}:?)+))", text)
    return {
        # OpenSSL writes every group of an IPv6 address, and in capitals.
        "names": sorted([*map(str.lower, names), *(str(ip_address(one)) for one in addresses)]),
        "subject": _after(text, "Subject"),
        "issuer": _after(text, "Issuer"),
        "serial": "".join(serial.groups(default="")).replace(":", "") if serial else "",
        "not_before": int(ssl.cert_time_to_seconds(_after(text, "Not Before"))),
        "not_after": int(ssl.cert_time_to_seconds(_after(text, "Not After"))),
        "key_type": {"id-ecPublicKey": "ecdsa", "rsaEncryption": "rsa"}.get(key, key),
        "placeholder": PLACEHOLDER in _after(text, "Subject"),
    }


def _after(text: str, label: str) -> str:
    found = re.search(rf"^\s*{label}\s*: ?(.*)$", text, re.MULTILINE)
    return found.group(1).strip() if found else ""


def _fingerprint(der: bytes) -> str:
    return hashlib.sha256(der).hexdigest()


def served_fingerprint(name: str, port: int = 443) -> "str | None":
    """Ask what listens on this host for the certificate of a name: its SHA-256, or None if there is none.

    A client that wants an IP address names nothing, and the site's family of addresses tells it apart.

    Nothing is verified: whether this is the right certificate is what the caller finds out. A proxy
    behind a load balancer may speak to nobody who does not begin with the PROXY protocol.

    Raises:
        OSError: nothing listens there, or it refuses the handshake.

    """
    address = "::1" if ":" in name else "127.0.0.1"
    try:
        return _handshake(name, address, port, b"")
    except OSError as refusal:
        if isinstance(refusal, ConnectionRefusedError):
            raise
        try:
            return _handshake(name, address, port, b"PROXY TCP4 127.0.0.1 127.0.0.1 1 443\r\n")
        except OSError:
            raise refusal from None


def _handshake(name: str, address: str, port: int, first: bytes) -> "str | None":
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((address, port), timeout=5) as plain:
        plain.sendall(first)
        with context.wrap_socket(plain, server_hostname=name) as wrapped:
            der = wrapped.getpeercert(binary_form=True)
    return _fingerprint(der) if der else None
