"""Where a server without a proxy notes which ways lead to its apps, and what opens them. Pure."""

from deploys.places.owned import Owned
from deploys.places.programs import LIBRARY
from deploys.places.systemd import drop_in, unit_file

UNIT = "gatehouse-front.service"
PROGRAM = f"{LIBRARY}/front"
"""Leads the load balancer to the slots that have the traffic."""

SETTINGS = "/etc/gatehouse/front.json"
TABLE = "gatehouse_front"
"""Of nftables, in the family inet."""

FLUSHING = drop_in("nftables.service", "gatehouse.front")
"""By which it is loaded again after a flush of all rules; no app's name has the dot."""

UNIT_FILE = unit_file(UNIT)

OWNED = Owned(
    paths=(UNIT_FILE, FLUSHING, PROGRAM, SETTINGS),
    units=(UNIT,),
    tables=(TABLE,),
)
