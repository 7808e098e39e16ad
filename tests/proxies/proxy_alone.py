"""A deploy of the proxy by itself: whatever it needs of the other parts is put in place by the test."""

from pyinfra.context import host

from deploys.base import deploy as base
from deploys.base.machine import machine
from deploys.load import load
from deploys.proxies import deploy as proxies
from deploys.proxies.published import as_published

server = as_published(load(host))
found = machine()

base.deploy(also=proxies.packages(server))
proxies.deploy(server, found, lambda: server)
