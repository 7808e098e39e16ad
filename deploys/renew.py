"""Renew every certificate now. Run: pyinfra inventories/prod.py deploys/renew.py.

With `--data rehearse=yes`, go the whole way with the CA's staging directory instead, and change nothing.
With `--data only=www.example.com`, do so for one site.
"""

from pyinfra.context import host

from deploys.base.machine import machine
from deploys.certificates import day_two as certificates
from deploys.config.remedies import meant
from deploys.load import load
from deploys.proxies.table import proxy_for
from deploys.refusal import Refusal

server = load(host, "rehearse", "only")

rehearse = host.data.get("rehearse")
if rehearse not in {None, "yes", "no"}:
    near = meant(rehearse, ("yes", "no"))
    raise Refusal(f'rehearse: {rehearse!r}: {near}write "yes" or "no", as in --data rehearse=yes')

found = machine()

if rehearse == "yes":
    certificates.rehearse(server, found, only=host.data.get("only"))
else:
    certificates.renew(server, found, reload=proxy_for(server).reload, only=host.data.get("only"))
