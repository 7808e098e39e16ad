"""Where the rules are that let nobody but the edge reach the proxy, and what loads them. Pure."""

from deploys.places.owned import Owned
from deploys.places.systemd import drop_in, unit_file

RULES = "/etc/gatehouse/edge.nft"
TABLE = "gatehouse_edge"
"""Of nftables, in the family inet."""

UNIT = "gatehouse-edge.service"
UNIT_FILE = unit_file(UNIT)
"""Loads them at boot, before there is a network."""

FLUSHING = drop_in("nftables.service", "gatehouse.edge")
"""By which they are loaded again after a flush of all rules; no app's name has the dot."""

OWNED = Owned(
    paths=(RULES, UNIT_FILE, FLUSHING),
    units=(UNIT,),
    tables=(TABLE,),
)
