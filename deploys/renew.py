"""Renew every certificate now. Run: pyinfra inventories/prod.py deploys/renew.py.

With `--data rehearse=yes`, go the whole way with the CA's staging directory instead, and change nothing.
With `--data site=www.example.com`, do so for one site.
"""

from pyinfra.context import host

from deploys import ending
from deploys.base.machine import machine
from deploys.certificates import day_two as certificates
from deploys.load import asks, load
from deploys.proxies.table import proxy_for
from deploys.terminal import tell

server = load(host, "rehearse", "site")

rehearse = asks(host, "rehearse")
found = machine()

if not server.has_certificates:
    tell(f"{host.name}: nothing to renew: the load balancer has the certificates")
elif rehearse:
    certificates.rehearse(server, found, site=host.data.get("site"))
else:
    certificates.renew(server, found, reload=proxy_for(server).reload, site=host.data.get("site"))
    ending.tell(server)
