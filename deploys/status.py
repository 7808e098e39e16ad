"""How the apps and certificates of each host are. Run: pyinfra -y inventories/prod.py deploys/status.py."""

from pyinfra.context import host

from deploys.apps.status import Status, question, tables
from deploys.load import load

server = load(host)
print("\n".join([f"\n{host.name}", *tables(server, host.get_fact(Status, argument=question(server)))]))
