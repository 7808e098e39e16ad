"""A server on which root cannot log in: another user connects, and sudo does the rest."""

import pytest

from tests.house import House
from tests.lab import Lab
from tests.outside.proofs import client_address

pytestmark = pytest.mark.lab

MAKE_USER = """
useradd -m -s /bin/bash ops
install -d -o ops /home/ops/.ssh
install -o ops /root/.ssh/authorized_keys /home/ops/.ssh/
echo 'ops ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/ops
"""


def test_a_user_with_sudo_is_enough(lab: Lab) -> None:
    house = House.on(lab, lab.up("bare", debian="13"))
    house.server.run(MAKE_USER)

    refused = house.deploy(ssh_user="ops")
    assert refused.code != 0
    assert "connected without root's rights; set ssh_user = 'root', or _sudo = True" in refused.output

    house.deploy(ssh_user="ops", _sudo=True).check()
    client_address(house.outside)
    assert house.deploy(ssh_user="ops", _sudo=True).check().changed == []
