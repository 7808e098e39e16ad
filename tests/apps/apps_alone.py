"""A deploy of the apps by themselves, without a proxy or certificates."""

from pyinfra.context import host

from deploys.apps import deploy as apps
from deploys.base import deploy as base
from deploys.base.machine import machine
from deploys.load import load

server = load(host)
found = machine()

base.deploy(also=apps.packages(server))
moves = apps.deploy(server, found)
moves.finish()
moves.sum_up()
