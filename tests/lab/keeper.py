"""The process beside each running server: boots it, and boots it again when it reboots.

python -m tests.lab.keeper STATE NAME
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from tests.lab import disks, limits, network, registry
from tests.lab.cgroups import server_group
from tests.lab.daemons import within
from tests.lab.layout import Layout

ENTER = Path(__file__).with_name("enter.sh")
REBOOT = 133  # nspawn's exit code for it


def keep(layout: Layout, name: str) -> int:
    while (code := _boot(layout, name)) == REBOOT:
        pass
    return code


def _boot(layout: Layout, name: str) -> int:
    disk, claim = disks.read(layout, name), registry.read(layout)
    if disk is None or claim is None:
        print(f"{name}: the lab has no such server any more")
        return 1
    group = server_group(layout.id, name).child("machine")
    group.remove()  # the former boot's
    network.attach(layout, claim.subnet, name=name, number=disk.number)
    machine = subprocess.Popen(
        within(group.make(), ["unshare", "--mount", "--propagation", "private", "sh", ENTER]),
        cwd=layout.servers / name,
        env={
            "PATH": os.environ["PATH"],
            "MACHINE": layout.namespace(name),
            "HOSTNAME": name,
            "NAMESPACE": layout.namespace(name),
            "OVERLAY": disks.overlay_options(disk),
            "ROOM": disk.room,
            **(limits.boot_environment(group) if disk.limits else {}),
        },
    )

    def power_off(signum: int, frame: FrameType | None) -> None:
        machine.terminate()  # nspawn asks the server's systemd to shut down

    signal.signal(signal.SIGTERM, power_off)
    code = machine.wait()
    group.kill()
    return code


if __name__ == "__main__":
    sys.exit(keep(Layout.of(Path(sys.argv[1])), sys.argv[2]))
