"""Put the sites under maintenance, or end it, without a reload.

Run: pyinfra inventories/prod.py deploys/maintenance.py --data maintenance=on; then with off.
"""

from pyinfra.context import host

from deploys import ending
from deploys.base.files import File, put
from deploys.base.machine import as_root
from deploys.config.remedies import meant
from deploys.load import load
from deploys.proxies.operations import obey
from deploys.proxies.table import proxy_for
from deploys.refusal import Refusal
from deploys.routing import maintenance as marks_of

wanted = host.data.get("maintenance")
if wanted not in {"on", "off"}:
    near = meant(wanted, ("on", "off"))
    raise Refusal(f'maintenance: {wanted!r}: {near}write "on" or "off", as in --data maintenance=on')

server = load(host, "maintenance")
as_root()
marks = [*marks_of(server)]
commands = proxy_for(server).obey

put(
    name=f"Maintenance: {wanted}",
    files=[File(mark, "") for mark in marks] if wanted == "on" else [],
    absent=marks if wanted == "off" else [],
)
if commands:
    obey(name="Maintenance: have the proxy heed it", commands=commands)
ending.tell(server)
