"""Delete the certificates that no site uses any more. Run: pyinfra inventories/prod.py deploys/forget.py."""

from pyinfra.context import host

from deploys.certificates import day_two as certificates
from deploys.load import load

certificates.forget(load(host))
