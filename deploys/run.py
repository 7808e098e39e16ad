"""Run a command as an app. Run: pyinfra -y inventories/prod.py deploys/run.py --data command="COMMAND".

With several apps, add `--data app=shop`. Without a command, it is a shell.
"""

from pyinfra.context import host

from deploys.apps import running
from deploys.load import load

running.run(load(host, "app", "command"), app=host.data.get("app"), command=host.data.get("command"))
