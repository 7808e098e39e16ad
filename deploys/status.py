"""How the apps and certificates of each host are. Run: pyinfra -y inventories/prod.py deploys/status.py."""

from pyinfra.context import host

from deploys.apps.status import Status, question, tables
from deploys.load import load
from deploys.terminal import tell

server = load(host)
tell("\n".join([f"\n{host.name}", *tables(server, host.get_fact(Status, argument=question(server)))]))
