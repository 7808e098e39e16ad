"""The lab's demo server: `python -m tests.lab up demo` boots it."""

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
        },
    )
    for server in status["servers"]
    if server["name"] == "demo"
]
