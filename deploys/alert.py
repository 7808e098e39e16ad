"""Send a test alert from the server. Run: pyinfra inventories/prod.py deploys/alert.py."""

from deploys.certificates import day_two as certificates

certificates.test_alert()
