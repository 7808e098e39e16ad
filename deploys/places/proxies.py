"""Whom a server knows as the proxy, whichever it is, and where the program of one is. Pure."""

USER = "www-data"
"""Debian's user for web servers: who connects to apps, and reads what they publish."""

PROGRAMS = "/opt/gatehouse"
"""Below it, a directory for each program that is not Debian's."""


def program(name: str, digest: str) -> str:
    """Give where a proxy's program is; another content is in another place, so that what runs can be told."""
    return f"{PROGRAMS}/{name}-{digest[:16]}/{name}"


def any_program(name: str) -> str:
    """Give the pattern of the directories of a proxy's programs."""
    return f"{PROGRAMS}/{name}-*"
