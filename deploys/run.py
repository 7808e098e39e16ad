"""Run a command as an app. Run: pyinfra -y inventories/prod.py deploys/run.py --data command="COMMAND".

With several apps, add `--data app=shop`. Without a command, it is a shell.
"""

from pyinfra.context import host

from deploys.apps import running
from deploys.base.machine import as_root
from deploys.load import load

server = load(host, "app", "command")
as_root()
running.run(server, app=host.data.get("app"), command=host.data.get("command"))
