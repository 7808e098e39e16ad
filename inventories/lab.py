"""The lab's demo server, as `python -m tests.lab up demo` boots it, and the lab's own CA."""

import json
import subprocess
import sys

status = json.loads(subprocess.check_output([sys.executable, "-m", "tests.lab", "status", "--json"]))
hosts = [
    (
        server["name"],
        {
            "ssh_hostname": server["address"],
            "ssh_port": server["port"],
            "ssh_user": server["user"],
            "ssh_key": server["key"],
            "ssh_known_hosts_file": server["known_hosts"],
            "acme": {
                "email": "ops@gatehouse.test",
                "directory": status["ca"]["directory"],
                "ca_bundle": status["ca"]["bundle"],
            },
        },
    )
    for server in status["servers"]
    if server["name"] == "demo"
]

if not hosts:
    sys.exit("--> the lab has no server called demo; `make demo` boots it")
