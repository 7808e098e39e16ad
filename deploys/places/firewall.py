"""Where the rules of the firewall are. Pure."""

from deploys.places.owned import Owned
from deploys.places.systemd import UNITS, drop_in, unit_file

FOLDER = "/etc/gatehouse/firewall"
UNIT_FILE = unit_file("gatehouse-firewall@.service")
"""What loads the rules of each app at boot, by themselves."""

OWNED = Owned(
    paths=(FOLDER, UNIT_FILE, drop_in("nftables.service", "gatehouse-*")),
    units=("gatehouse-firewall@*.service",),
    tables=("gatehouse_*",),
    folders=(f"{UNITS}/nftables.service.d",),
)


def rules_of(app: str) -> str:
    """Give the file of an app's rules."""
    return f"{FOLDER}/{app}.nft"


def flushing_of(app: str) -> str:
    """Give the file by which they are loaded again after a flush of all rules."""
    return drop_in("nftables.service", f"gatehouse-{app}")
