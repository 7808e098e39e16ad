"""A server as some providers hand it over: root cannot log in, apt is busy, and programs speak German."""

from typing import Any

import pytest

from deploys import remote
from deploys.base.machine import LOOK
from deploys.command.verbs import VERBS
from tests.house import House
from tests.lab import Lab
from tests.outside.proofs import client_address
from tests.test_rooms import WITHOUT_RIGHTS

pytestmark = pytest.mark.lab

MAKE_USER = """
useradd -m -s /bin/bash ops
install -d -o ops /home/ops/.ssh
install -o ops /root/.ssh/authorized_keys /home/ops/.ssh/
echo 'ops ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops
printf 'LANG=C.UTF-8\\nLANGUAGE=de\\n' > /etc/default/locale
"""
BUSY_APT = """systemd-run -q python3 -c '
import fcntl, glob, time
lock = open("/var/lib/apt/lists/lock", "w")
fcntl.lockf(lock, fcntl.LOCK_EX)
def name(path):
    try:
        return open(path).read()
    except OSError:
        return ""
while not any(name(path) == "apt-get\\n" for path in glob.glob("/proc/[0-9]*/comm")):
    time.sleep(0.05)
time.sleep(1)
'
"""


ENTRIES: dict[str, dict[str, Any]] = {
    **{verb.name: {} for verb in VERBS if verb.name not in WITHOUT_RIGHTS},
    "maintenance": {"maintenance": "on"},
    "run": {"command": "id -un"},
}
"""Each deploy that needs root's rights, and what has to be said with it."""


def test_a_user_with_sudo_is_enough(lab: Lab) -> None:
    house = House.on(lab, lab.up("unprivileged", debian="12"))
    house.server.run(MAKE_USER)

    for entry, data in ENTRIES.items():
        refused = house.deploy(deploy=f"deploys/{entry}.py", ssh_user="ops", **data)
        assert refused.code != 0, f"{entry} needs root's rights:\n{refused.output}"
        assert "connected without root's rights; set ssh_user = 'root', or _sudo = True" in refused.output
        assert "{" not in refused.output, f"expected no data of {entry}'s own:\n{refused.output}"

    house.server.run(BUSY_APT)
    house.deploy(ssh_user="ops", _sudo=True).check()
    client_address(house.outside)
    assert house.deploy(ssh_user="ops", _sudo=True).check().changed == []

    assert "Installiert:" in house.server.run("apt-cache policy nginx").stdout
    assert "package nginx 1.22" in house.server.run(remote.script(LOOK.text).get_raw_value()).stdout
