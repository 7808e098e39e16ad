"""What is served under a name, by whomever, is told of."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from deploys.certificates.onhost.x509 import PLACEHOLDER
from deploys.verification.glimpse import certificate


def made(organisation: str) -> bytes:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now - datetime.timedelta(days=1))
    signed = builder.not_valid_after(now + datetime.timedelta(days=9, hours=1)).sign(key, hashes.SHA256())
    return signed.public_bytes(Encoding.DER)


_NO_TEXT = made("strange").replace(b"\x0c\x07strange", b"\x0c\x07\xff\xfe\xfd\xfc\xfb\xfa\xf9")
"""UTF8String, and what is none."""


@pytest.mark.parametrize(("organisation", "found"), [("Somebody", (9, False)), (PLACEHOLDER, (None, True))])
def test_a_certificate(organisation: str, found: tuple[int | None, bool]) -> None:
    assert certificate(made(organisation)) == found


UNREADABLE = {
    "nothing": b"",
    "no certificate": b"no certificate",
    "cut off": made("strange")[:-1],
    "too long": made("strange") + b"x",
    "a version that there is not": made("strange").replace(
        b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x09", 1
    ),
    "a name that is no text": _NO_TEXT,
    "a month that there is not": made("strange").replace(b"\x17\x0d", b"\x17\x0dxx", 1)[:-2],
}


@pytest.mark.parametrize("served", UNREADABLE.values(), ids=UNREADABLE)
def test_one_that_cannot_be_read_is_told_as_such(served: bytes) -> None:
    with pytest.raises(OSError, match="cannot be read"):
        certificate(served)
