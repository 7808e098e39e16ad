"""Send a test alert from the server. Run: pyinfra inventories/prod.py deploys/alert.py."""

from pyinfra.context import host

from deploys.base.machine import as_root
from deploys.load import load_if_any
from deploys.watch import deploy as watch

load_if_any(host)
as_root()  # or it sends nothing by what is its own
watch.test_alert(name="Alerts: send a test")
