"""Whoever has the proxy's ports is told of before anything is done, with what gets them free."""

import re
from dataclasses import dataclass

import pytest

from tests.house import House
from tests.lab import Lab
from tests.provision import Run

pytestmark = [pytest.mark.lab, pytest.mark.slow]

LISTEN = "import socket, time; s = socket.create_server(('', 443)); time.sleep(9999)"


@dataclass(frozen=True)
class Holder:
    """A program that listens where the proxy is to, and how it is told of."""

    begin: str
    line: str


HOLDERS = {
    "a web server": Holder(
        "apt-get install -q -y --no-install-recommends apache2",
        r"port 80/tcp is taken by process \d+ of apache2\.service \('/usr/sbin/apache2 -k start'\)",
    ),
    "a socket of systemd's": Holder(
        "printf '[Socket]\\nListenStream=80\\nAccept=yes\\n[Install]\\nWantedBy=sockets.target\\n'"
        " > /etc/systemd/system/old.socket;"
        " printf '[Service]\\nExecStart=/bin/true\\n' > /etc/systemd/system/old@.service;"
        " systemctl daemon-reload; systemctl enable -q --now old.socket",
        r"port 80/tcp is taken by systemd, by old\.socket",
    ),
    "a program of nobody's": Holder(
        f'setsid --fork python3 -c "{LISTEN}" < /dev/null > /dev/null 2>&1',
        r"port 443/tcp is taken by process \d+ .*\(python3 -c import socket",
    ),
    "another nginx": Holder(
        "apt-get install -q -y --no-install-recommends nginx; systemctl disable -q --now nginx;"
        " setsid --fork nginx < /dev/null > /dev/null 2>&1",
        r"port 80/tcp is taken by process \d+ .*\(nginx: master process nginx\)",
    ),
}


@pytest.fixture(scope="module")
def bare(lab: Lab) -> House:
    house = House.on(lab, lab.up("held", debian="13"))
    house.server.run("apt-get update -q")
    return house


def remedies(run: Run, holder: Holder) -> list[str]:
    """Read out of a run that was refused what gets the port free."""
    assert run.code == 1, run.output
    assert "Starting operation" not in run.output
    found = re.findall(
        rf"nothing was changed, nginx cannot listen: {holder.line}.*; end it: (.*)", run.output
    )
    assert found, run.output
    return found


@pytest.mark.parametrize("case", HOLDERS)
def test_it_is_told_before_anything_is_done(bare: House, case: str) -> None:
    holder = HOLDERS[case]
    bare.server.run(holder.begin)
    bare.server.run(
        "timeout 20 sh -c 'until ss -Hlnt sport = :80 or sport = :443 | grep -q .; do sleep 0.1; done'"
    )
    remedy = remedies(bare.deploy("--dry"), holder)
    assert remedies(bare.deploy(), holder) == remedy
    assert bare.server.run("ls /srv /etc/gatehouse", check=False).stdout.strip() in {"", "/srv:"}
    bare.server.run(remedy[0])
    bare.deploy("--dry").check()


def test_it_runs_once_they_are_free(lab: Lab) -> None:
    freed = House.on(lab, lab.up("freed", debian="13"))
    freed.server.run("apt-get update -q")
    holder = HOLDERS["a web server"]
    freed.server.run(holder.begin)
    (remedy,) = remedies(freed.deploy(), holder)
    freed.server.run(remedy)
    freed.deploy().check()
    assert freed.app("/echo")["scheme"] == "https"
    assert freed.deploy().check().changed == []
