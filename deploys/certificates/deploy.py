"""Certificates: placeholders first, then the CA's own, and their renewal."""

from deploys.config import Server


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's certificates need."""
    return ("certbot", "openssl") if server.sites else ()


def place_holders(server: Server) -> None:
    """Put a self-signed certificate wherever the CA has not issued one yet."""


def issue(server: Server, reload: str) -> None:
    """Have the CA issue what is wanted, and the proxy serve it.

    Args:
        server: the settings.
        reload: the shell command that has the proxy read its certificates again.

    """
