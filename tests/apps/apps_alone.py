"""A deploy of the apps by themselves, without a proxy or certificates."""

from pyinfra.context import host

from deploys.apps import deploy as apps
from deploys.base import deploy as base
from deploys.base.machine import machine
from deploys.load import asks, load

server = load(host, "again")
found = machine()

base.deploy(also=apps.packages(server))
moves = apps.deploy(server, found, (), again=asks(host, "again"))
moves.finish()
moves.sum_up()
