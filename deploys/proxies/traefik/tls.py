"""TLS as Traefik has it: certificates, and who speaks how. Pure."""

from collections.abc import Iterable
from typing import Any, Literal

from deploys.proxies.tls import CIPHERS
from deploys.routing import VirtualHost

_VERSIONS = {"intermediate": "VersionTLS12", "modern": "VersionTLS13"}
_CURVES = ("X25519MLKEM768", "X25519", "CurveP256", "CurveP384")


def tls(
    hosts: Iterable[VirtualHost], profile: Literal["intermediate", "modern"], client_ca: str = ""
) -> dict[str, Any]:
    """Write TLSRef 6.0's profile, for each site by itself, and the files of its certificates.

    Args:
        hosts: the sites.
        profile: which one.
        client_ca: certificates of the CA by which whoever connects has to show who it is, in PEM; none if
            empty.

    """
    options: dict[str, Any] = {
        "minVersion": _VERSIONS[profile],
        "curvePreferences": [*_CURVES],
        # Names that no site has: no certificate.
        "sniStrict": True,
    }
    if profile == "intermediate":
        options["cipherSuites"] = [*CIPHERS]
    if client_ca:
        # Traefik takes the certificates themselves as well as the name of a file.
        options["clientAuth"] = {"caFiles": [client_ca], "clientAuthType": "RequireAndVerifyClientCert"}
    named = [host for host in hosts if not host.version]
    return {
        "options": {"default": options} | {host.name: options for host in named},
        "certificates": [{"certFile": host.lineage.chain, "keyFile": host.lineage.key} for host in hosts],
    }
