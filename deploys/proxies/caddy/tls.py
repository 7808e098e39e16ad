"""Which certificate a client gets, and by which ciphers. Pure."""

import re

from deploys.proxies.caddy.words import Json
from deploys.proxies.tls import CIPHERS
from deploys.routing import Routing, VirtualHost

_CURVES = ["x25519mlkem768", "x25519", "secp256r1", "secp384r1"]
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.DOTALL)
_EVERY_ADDRESS = {4: "0.0.0.0/0", 6: "::/0"}


def certificates(routing: Routing) -> list[Json]:
    """List the files of certificates and keys; they are read by root, and handed over."""
    if not routing.server.has_certificates:
        return []
    return [
        {"certificate": host.lineage.chain, "key": host.lineage.key, "tags": [host.name]}
        for host in routing.hosts
    ]


def policies(routing: Routing, client_ca: str = "") -> list[Json]:
    """Say who gets which certificate; a name that no site has gets no handshake.

    The first policy counts, so that a name comes before the `*` of another site that stands for it, too.
    Clients name no server when they ask for an address; so such a site gets all that nobody else does.

    Args:
        routing: the virtual hosts.
        client_ca: certificates of the CA by which whoever connects has to show who it is, in PEM; none if
            empty.

    """
    named = [
        _policy(host, {"sni": names}, routing, client_ca)
        for wild in (False, True)
        for host in routing.hosts
        if not host.version and (names := _names(host, wild=wild))
    ]
    versions = {host.version: host for host in reversed(routing.hosts) if host.version}
    by_address = [
        _policy(host, {"local_ip": {"ranges": [_EVERY_ADDRESS[version]]}}, routing, client_ca)
        for version, host in versions.items()
    ]
    return [*named, *by_address]


def _names(host: VirtualHost, *, wild: bool) -> list[str]:
    return [name for name in (*host.served, *host.redirected) if ("*" in name) == wild]


def _policy(host: VirtualHost, match: Json, routing: Routing, client_ca: str) -> Json:
    modern = routing.server.tls == "modern"
    return {
        "match": match,
        "certificate_selection": {"any_tag": [host.name]},
        **({"protocol_min": "tls1.3"} if modern else {"protocol_min": "tls1.2", "cipher_suites": [*CIPHERS]}),
        "curves": _CURVES,
        "alpn": ["h2", "http/1.1"],
        **({"client_authentication": _shown(client_ca)} if client_ca else {}),
    }


def _shown(client_ca: str) -> Json:
    """Let in who shows a certificate of that CA, and nobody else."""
    found = ["".join(body.split()) for body in _PEM.findall(client_ca)]
    return {
        "mode": "require_and_verify",
        "ca": {"provider": "inline", "trusted_ca_certs": found},
    }
