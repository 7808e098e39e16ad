"""On the host: where Caddy's things are."""

from pathlib import Path

HOME = Path("/etc/gatehouse/caddy")
TREES = HOME / "trees"
LIVE = HOME / "live"
"""The link to the tree that is live."""
BEGINNING = HOME / "begin.json"
"""What Caddy begins with, until root hands over what is live, private keys included."""
UNIT = "gatehouse-caddy.service"
UNIT_FILE = Path("/etc/systemd/system/gatehouse-caddy.service")
DIGEST_OF_UNIT = "GATEHOUSE_UNIT"
"""The variable by which Caddy's process tells the unit file that it was started by from others."""
SERVE = Path("/usr/local/lib/gatehouse/caddy-serve")
"""What hands it over."""
RUN = Path("/run/gatehouse-caddy")
SOCKET = RUN / "admin.sock"
"""Where Caddy takes orders, in a directory that nobody but root and Caddy can enter."""
ADMIN = {"listen": f"unix/{SOCKET}", "config": {"persist": False}}
LOGS = Path("/var/log/gatehouse-caddy")
ACCESS_LOG = LOGS / "access.log"
LOGROTATE = Path("/etc/logrotate.d/gatehouse-caddy")
