"""Apps: their users, releases, slots and units."""

from deploys.config import Server


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the server's apps need."""
    return ("python3-venv",) if server.apps else ()


def deploy(server: Server) -> None:
    """Bring every app to the release that its source and settings ask for."""
