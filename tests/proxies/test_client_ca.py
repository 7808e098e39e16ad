"""The CA by whose certificates an edge shows who it is: read, and refused where it is none."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from deploys.config.edge import OF_CLOUDFLARE, Cloudflare
from deploys.proxies.client_ca import client_ca, problem

CA = trustme.CA()
PEM = CA.cert_pem.bytes().decode()
LEAF = CA.issue_cert("edge.test")
KEY = LEAF.private_key_pem.bytes().decode()


def ended() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "old")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=9))
        .not_valid_after(now - timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no PEM certificate"),
        ("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n", "holds no PEM certificate"),
        (LEAF.cert_chain_pems[0].bytes().decode(), "is no CA; give the certificate of the CA"),
        (PEM + LEAF.cert_chain_pems[0].bytes().decode(), "is no CA"),
        (PEM + KEY, "holds a private key; give the CA's certificate alone"),
        (ended(), "CN=old has ended on 20"),
        (PEM + ended(), "CN=old has ended on 20"),
    ],
    ids=["nothing", "nonsense", "a leaf", "a leaf after it", "a key", "one that has ended", "one after it"],
)
def test_what_is_no_ca_is_refused(text: str, words: str) -> None:
    assert words in problem(text)


def test_a_ca_and_its_root_are_taken() -> None:
    assert problem(PEM + trustme.CA().cert_pem.bytes().decode()) == ""


def test_cloudflares_own_is_whole() -> None:
    text = client_ca(Cloudflare(cloudflare=True, client_ca=OF_CLOUDFLARE), {})
    assert problem(text) == ""
    (found,) = x509.load_pem_x509_certificates(text.encode())
    found.verify_directly_issued_by(found)
    assert found.fingerprint(hashes.SHA256()).hex().startswith("9a1ac2b4be15f9f2")
    assert found.not_valid_after_utc.strftime("%B %Y") in Path("docs/edges.md").read_text()


def test_without_one_nobody_has_to_show_anything() -> None:
    assert client_ca(None, {}) == client_ca(Cloudflare(cloudflare=True), {}) == ""
    assert client_ca(Cloudflare(cloudflare=True, client_ca="ca.pem"), {"ca.pem": PEM}) == PEM
