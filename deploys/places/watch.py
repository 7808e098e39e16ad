"""Where a server's watch over itself is: what looks, what tells, and whom. Pure."""

from deploys.places.owned import Owned
from deploys.places.programs import LIBRARY
from deploys.places.systemd import drop_in, unit_file

SETTINGS = "/etc/gatehouse/watch.json"
"""Whom to tell, which is secret, and what to look at."""

WATCH = "/usr/local/sbin/gatehouse-watch"
ALERT = f"{LIBRARY}/alert"
TIMER = "gatehouse-watch.timer"

TELLER = f"{LIBRARY}/failures"
SERVICE = "gatehouse-watch.service"
FAILURES = "gatehouse-failures.service"
"""Tells of units that fail and are started again, where systemd itself does not."""

CURSOR = "/var/lib/gatehouse/failures.cursor"
"""How far it has read."""

ALERT_UNIT = unit_file("gatehouse.alert@.service")
SERVICE_UNIT = unit_file(SERVICE)
TIMER_UNIT = unit_file(TIMER)
FAILURES_UNIT = unit_file(FAILURES)


def told_of(units: str) -> str:
    """Give the drop-in by which the failure of a unit is told."""
    return drop_in(units, "gatehouse-alert")


OWNED = Owned(
    paths=(
        *(LIBRARY, WATCH, SETTINGS, CURSOR),
        *(ALERT_UNIT, SERVICE_UNIT, TIMER_UNIT, FAILURES_UNIT, told_of("*.service")),
        f"/var/lib/systemd/timers/stamp-{TIMER}",
    ),
    units=("gatehouse.alert@*.service", SERVICE, TIMER, FAILURES),
)
