"""Go back to the former release. Run: pyinfra inventories/prod.py deploys/rollback.py.

With several apps, add `--data app=shop`; for another release than the former one, `--data to=7`.
"""

from pyinfra.context import host

from deploys import ending
from deploys.apps.going_back import go_back
from deploys.base.machine import machine
from deploys.load import load
from deploys.proxies.table import OBEY

server = load(host, "app", "to")

back = go_back(server, machine(), OBEY, app=host.data.get("app"), number=host.data.get("to"))
ending.tell(server, apps=back.told, onward=back.onward)
