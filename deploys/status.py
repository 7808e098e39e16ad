"""What users get now, and what is wrong. Run: pyinfra -y inventories/prod.py deploys/status.py.

With `--data json=yes`, as JSON for programs.
"""

from pyinfra.context import host

from deploys.base.machine import as_root
from deploys.load import asks, load
from deploys.overview.operations import gather, tell_of
from deploys.overview.overview import Overview, overview, question
from deploys.routing import asked
from deploys.verification.glimpse import glimpses

server = load(host, "json")
as_json = asks(host, "json")
as_root()  # or not all that is there is seen
seen = glimpses(asked(server), str(host.data.get("ssh_hostname") or host.name))
found = overview(server, host.get_fact(Overview, argument=question(server)), seen)
gather(host.name, found)
tell_of(name="Status", found=found, as_json=as_json)
