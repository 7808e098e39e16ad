"""Where a server notes what holds for a site until further notice. Pure."""

from deploys.places.owned import Owned

MAINTENANCE = "/var/lib/gatehouse/maintenance"
"""A directory that anyone may read: a file with a site's name is there during its maintenance."""

OWNED = Owned(paths=(MAINTENANCE,))


def maintenance(site: str) -> str:
    """Give the file whose presence puts a site under maintenance."""
    return f"{MAINTENANCE}/{site}"
