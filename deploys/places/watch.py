"""Where a server's watch over itself is: what looks, what tells, and whom. Pure."""

from deploys.places.programs import LIBRARY
from deploys.places.systemd import unit_file

SETTINGS = "/etc/gatehouse/watch.json"
"""Whom to tell, which is secret, and what to look at."""

WATCH = "/usr/local/sbin/gatehouse-watch"
ALERT = f"{LIBRARY}/alert"
TIMER = "gatehouse-watch.timer"

TELLER = f"{LIBRARY}/failures"
FAILURES = "gatehouse-failures.service"
"""Tells of units that fail and are started again, where systemd itself does not."""

FAILURES_UNIT = unit_file(FAILURES)
