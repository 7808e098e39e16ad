"""What the lab's demo server is to be: the demo app under one name and an alias."""

import json
import subprocess
import sys

ca = json.loads(subprocess.check_output([sys.executable, "-m", "tests.lab", "status", "--json"]))["ca"]

acme = {
    "email": "ops@gatehouse.test",
    "directory": ca["directory"],
    "ca_bundle": ca["bundle"],
}

del ca

apps = {
    "demo": {
        "source": "tests/demo",
        "asgi": "demo.main:app",
        "health": {"path": "/health"},
    },
}

sites = {
    "www.gatehouse.test": {
        "aliases": ["gatehouse.test"],
        "routes": {"/": {"app": "demo"}},
    },
}
