"""Fetch account and certificates, encrypted. Run: pyinfra inventories/prod.py deploys/backup.py."""

from pyinfra.context import host

from deploys.base.machine import as_root
from deploys.certificates import day_two as certificates
from deploys.load import load

server = load(host)
as_root()
certificates.backup(server)
