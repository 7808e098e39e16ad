"""A dry run on a bare machine shows everything that will be, and does nothing."""

import pytest

from tests.house import House
from tests.lab import Lab

pytestmark = pytest.mark.lab

IGNORED = ("/proc", "/run", "/var/log", "/var/cache/apt")  # apt's cache: asking apt for versions fills it
WRITTEN = "find / -xdev -newer /tmp/before -type f " + " ".join(f"-not -path '{path}/*'" for path in IGNORED)


def test_a_dry_run_on_a_bare_machine(lab: Lab) -> None:
    house = House.on(lab, lab.up("bare", debian="12"))
    house.server.run("touch /tmp/before")

    run = house.deploy("--dry", "--diff", yes=False).check()

    for shown in (
        f"server_name {house.domain}",
        "ssl_certificate ",
        "a part of gatehouse's own configuration",
        "--forwarded-allow-ips 127.0.0.1",
        "Will create",
    ):
        assert shown in run.output, f"expected {shown!r} in:\n{run.output}"
    assert "Will create /etc/gatehouse/acme-ca.pem" in run.output
    assert len(run.output.splitlines()) < 500, "expected what the settings are about, and no wall of output"
    assert "def main(" not in run.output, "expected programs of ours by name and digest alone"
    for secret in ("PRIVATE KEY", "BEGIN CERTIFICATE"):
        assert secret not in run.output
    assert house.server.run(WRITTEN).stdout == ""
    assert house.server.run("command -v nginx", check=False).returncode != 0
