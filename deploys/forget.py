"""Remove the apps that are no longer in the settings, and the certificates that no site uses any more.

Run: pyinfra inventories/prod.py deploys/forget.py, with --dry to see first what would go.
"""

from pyinfra.context import host

from deploys.apps import removal as apps
from deploys.base.machine import as_root
from deploys.certificates import day_two as certificates
from deploys.load import load
from deploys.proxies.table import proxy_for

server = load(host)
as_root()

needs = host.get_fact(proxy_for(server).in_use, argument=None)

apps.forget(server, upstreams=needs.upstreams)
certificates.forget(server, served=needs.certificates)
