"""The whole server, in reading order. Run: pyinfra inventories/prod.py deploys/site.py.

With `--data again=yes`, release what was rolled back from, though nothing of it has changed.
"""

from pyinfra.context import host

from deploys import ending, looks
from deploys.apps import deploy as apps
from deploys.base import deploy as base
from deploys.base.machine import machine
from deploys.certificates import deploy as certificates
from deploys.certificates.kept import WATCHED
from deploys.load import asks, load
from deploys.proxies import deploy as proxies
from deploys.proxies.published import as_published
from deploys.proxies.table import OBEY, proxy_for
from deploys.watch import deploy as watch
from deploys.watch.watched import Watched

server = as_published(load(host, "again"))
again = asks(host, "again")
proxy = proxy_for(server)

looks.together(
    *base.LOOKS,
    *apps.looks(server),
    *certificates.looks(server),
    *watch.looks([Watched(units=(proxy.unit,)), WATCHED]),
    *proxies.looks(server),
)
found = machine()

base.deploy(also=[*apps.packages(server), *certificates.packages(server, found), *proxies.packages(server)])
certificates.place_holders(server)
moves = apps.deploy(server, found, OBEY, again=again)
proxies.deploy(server, found, moves.reached)
moves.finish()
watch.deploy(server, found, [Watched(units=(proxy.unit,)), certificates.watched(server, found)])
certificates.issue(server, found, reload=proxy.reload)
moves.sum_up()
ending.tell(server, apps=moves.told, onward=moves.onward)
