"""Anywhere: where Traefik's things are on a host.

A configuration is a tree, `/etc/traefik/gatehouse.d/<digest>/`, and never changes; a link names the live one.
What Traefik reads is made of it, of the marks on the host and of the certificates, whenever one of them
changes and at each start: in a directory that nobody else can read, and that a reboot empties.
"""

from pathlib import Path

UNIT = "gatehouse-traefik.service"
ROUTING_UNIT = "gatehouse-traefik-routing.service"
"""What writes, as root, what Traefik begins with."""
PAGES_UNIT = "gatehouse-traefik-pages.service"
PAGES_SOCKET = "gatehouse-traefik-pages.socket"
LOGS_UNIT = "gatehouse-traefik-logs.service"
LOGS_TIMER = "gatehouse-traefik-logs.timer"
"""What looks whether clients have filled the access log, of which a line may have a whole head."""
SERVICES = (UNIT, ROUTING_UNIT, PAGES_UNIT, LOGS_UNIT)
STARTED_AT_BOOT = (UNIT, PAGES_SOCKET, LOGS_TIMER)
UNITS = (*SERVICES, PAGES_SOCKET, LOGS_TIMER)

FOLDER = Path("/etc/traefik")
TREES = FOLDER / "gatehouse.d"
LIVE = FOLDER / "gatehouse"
"""The link."""

STATIC, ROUTING, PAGES = "traefik.json", "routing.json", "pages"
"""Of a tree: what Traefik reads when it starts, what it follows, and what is answered for it."""

RUN = Path("/run/gatehouse-traefik")
STARTED = RUN / "traefik.yml"
"""What Traefik has started with; to it, JSON is YAML."""
FOLLOWED = RUN / "routing.yml"
"""What it follows."""
UNIT_STARTED = RUN / "unit"
"""Its unit's file as it was then."""

USER = "www-data"

LOOPBACK = "127.0.0.80"
API_PORT, PAGES_PORT = 881, 880
"""Where Traefik tells what it runs, and where the program listens that answers for it: ports that no app can
open, as it has no right to those below 1024."""

BEGIN = "/usr/local/lib/gatehouse/traefik-begin"
FOLLOW = "/usr/local/lib/gatehouse/traefik-follow"
READY = "/usr/local/lib/gatehouse/traefik-ready"
ANSWER = "/usr/local/lib/gatehouse/traefik-pages"
SETTINGS = "/etc/gatehouse/traefik.json"
LOGS = "/var/log/gatehouse-traefik"
LOGROTATE = "/etc/logrotate.d/gatehouse-traefik"
