"""See the sites as their users do, from here. Run: pyinfra -y inventories/prod.py deploys/verify.py."""

from pyinfra.context import host

from deploys.base.machine import machine
from deploys.load import load
from deploys.verification.operations import verify

server = load(host)
machine()  # which has to let us see all that is there
verify(name="Verify from outside", server=server)
