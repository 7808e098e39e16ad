"""Where the parts of the house have their things beside one another. Pure."""

from deploys.places.owned import Owned

OWNED = Owned(
    paths=("/run/gatehouse",),
    folders=("/etc/gatehouse", "/var/lib/gatehouse", "/opt/gatehouse"),
)
