"""See the sites as their users do, from here. Run: pyinfra -y inventories/prod.py deploys/verify.py."""

from pyinfra.context import host

from deploys.load import load
from deploys.verification.operations import verify

verify(name="Verify from outside", server=load(host))
