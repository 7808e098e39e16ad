"""On the host: have the proxy read its certificates again, and see on the wire that it has."""

import time

from deploys.certificates.onhost import x509
from deploys.onhost import run


def serve(reload: run.Commands, chain: str, names: "list[str]") -> None:
    """Reload the proxy, and wait until it serves the certificate of the file under each of the names.

    Args:
        reload: the commands by which the proxy tests its configuration and reads it again.
        chain: path of the PEM file.
        names: what to ask for on the wire.

    Raises:
        SystemExit: it cannot reload, or still serves another certificate after 15 seconds.

    """
    for command in reload:
        run.output(*command, what="the proxy cannot reload")
    certificate = x509.read_certificate(chain)
    if certificate is None:
        raise SystemExit(f"{chain} holds no certificate")
    for name in names:
        _see(name, certificate["fingerprint"])


def _see(name: str, fingerprint: str) -> None:
    for _ in range(60):
        try:
            if x509.served_fingerprint(name) == fingerprint:
                return
        except OSError:
            pass
        time.sleep(0.25)
    raise SystemExit(f"{name}: the proxy was reloaded, but does not serve the new certificate")
