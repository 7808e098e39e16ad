"""Send a test alert from the server. Run: pyinfra inventories/prod.py deploys/alert.py."""

from deploys.watch import deploy as watch

watch.test_alert(name="Alerts: send a test")
