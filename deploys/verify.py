"""See the sites as their users do, from here. Run: pyinfra -y inventories/prod.py deploys/verify.py."""

from pyinfra.context import host

from deploys.base.machine import as_root
from deploys.load import load
from deploys.verification.operations import verify

server = load(host)
as_root()  # or not all that is there is seen
verify(name="Verify from outside", server=server)
