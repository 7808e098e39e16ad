"""A second run finds everything as it should be, touches nothing and asks little."""

import pytest

from tests.house import House
from tests.site.commands import MOST_COMMANDS, Commands

pytestmark = pytest.mark.lab

RUNNING = (
    "systemctl show -p Id -p MainPID -p ActiveEnterTimestampMonotonic nginx 'gatehouse-*'; pgrep -f nginx"
)


@pytest.fixture
def commands_sent(house: House) -> Commands:
    return Commands(house)


def test_a_second_run_changes_nothing(house: House, commands_sent: Commands) -> None:
    running = house.server.run(RUNNING).stdout
    serial = house.outside.certificate()["serialNumber"]
    start = commands_sent.cursor()

    run = house.deploy().check()

    sent = commands_sent.since(start)
    assert run.changed == []
    assert house.server.run(RUNNING).stdout == running
    assert house.outside.certificate()["serialNumber"] == serial
    assert 0 < len(sent) <= MOST_COMMANDS, f"{len(sent)} commands were sent:\n" + "\n".join(sent)


def test_a_dry_run_on_a_provisioned_machine_says_no_changes(house: House) -> None:
    run = house.deploy("--dry", "--diff", yes=False).check()
    table = run.output.partition("--> Detected changes:")[2].split("\n\n")[0].splitlines()[2:]
    assert table, run.output
    assert [row for row in table if row.split()[-2:] != ["-", "-"]] == []


# As an update of OpenSSL leaves them: in use, but gone from where they were. apt is Ubuntu Server's here.
OUTDATED = """
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
apt-get update -qq && apt-get install -qq -y --no-install-recommends needrestart
apt-get remove -qq -y logrotate
for library in /usr/lib/*-linux-gnu/libcrypto.so.3; do cp -p $library $library-; mv $library- $library; done
"""


@pytest.mark.slow
def test_a_package_that_was_missing_restarts_nothing_else(house: House) -> None:
    house.server.run(OUTDATED)
    try:
        assert "NEEDRESTART-SVC: nginx.service" in house.server.run("needrestart -b -r l").stdout
        running = house.server.run(RUNNING).stdout
        assert house.deploy().check().changed == ["Install packages"]
        assert house.server.run(RUNNING).stdout == running
    finally:
        house.server.run("apt-get purge -qq -y needrestart < /dev/null && systemctl restart nginx")
