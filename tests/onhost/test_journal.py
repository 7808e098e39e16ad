"""The last words of a unit are told, whatever others write meanwhile."""

from collections.abc import Iterator

import pytest

from deploys import remote
from deploys.onhost import journal
from tests.lab import Lab, Server
from tests.lab.waiting import until

pytestmark = pytest.mark.lab

NOISE = """
import os
for _ in range(4):
    os.fork()
while True:
    os.write(2, b"noise\\n" * 2000)
"""
BEGIN = "systemd-run --quiet --unit=noise --property=DynamicUser=yes --property=RuntimeMaxSec=300"
SAYS = "systemd-run --quiet --wait --unit=speaker sh -c 'echo its last words'"


@pytest.fixture
def noisy(lab: Lab) -> Iterator[Server]:
    """A server on which a unit writes as fast as it can, for so long as nobody waits for."""
    server = lab.up("noise", debian="13", furnished=True)
    server.run("cat > /opt/noise.py", stdin=NOISE)
    server.run(f"{BEGIN} python3 /opt/noise.py")
    until(
        lambda: "noise" in server.run("journalctl -q -n 1 -o cat _SYSTEMD_UNIT=noise.service").stdout,
        within=60,
        otherwise="nothing is written",
    )
    yield server
    lab.down(server.name)


def test_words_are_told_while_another_unit_writes_on_and_on(noisy: Server) -> None:
    noisy.run(SAYS)
    look = "\n".join([*remote._sources(journal), 'print(last("speaker.service", 1))'])
    told = noisy.run("python3 -I -", stdin=look).stdout
    assert noisy.run("systemctl is-active noise.service", check=False).stdout == "active\n"
    assert told == "its last words\n"
