"""Send a test alert from the server. Run: pyinfra inventories/prod.py deploys/alert.py."""

from pyinfra.context import host

from deploys import connection
from deploys.base.machine import machine
from deploys.watch import deploy as watch

connection.watch(host)
machine()  # which has to let us send what it sends by itself
watch.test_alert(name="Alerts: send a test")
