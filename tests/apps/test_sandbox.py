"""What the sandbox keeps an app from, and how one protection is loosened by its name."""

import subprocess

import pytest

from deploys.apps.sandbox import PROTECTIONS
from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop

pytestmark = [pytest.mark.lab, pytest.mark.slow]

COMPILES = "\nimport mmap\nmmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
UPLOADS = "\nopen('/srv/uploads/x', 'w').close()\n"


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("caged")
    workshop.deploy().check()
    workshop.server.run("install -d -o app-caged /srv/uploads")
    return workshop


@pytest.mark.parametrize(
    ("does", "refused", "sandbox"),
    [
        (COMPILES, "PermissionError", {"loosen": ["MemoryDenyWriteExecute"]}),
        (UPLOADS, "Read-only file system: '/srv/uploads/x'", {"writable": ["/srv/uploads"]}),
    ],
    ids=["loosen", "writable"],
)
def test_what_is_not_allowed_can_be(
    workshop: Workshop, does: str, refused: str, sandbox: dict[str, list[str]]
) -> None:
    before = workshop.answer()["pid"]
    workshop.says("more", does)
    run = workshop.deploy()
    assert run.code != 0
    assert refused in run.output, run.output
    assert workshop.answer()["pid"] == before
    workshop.deploy(sandbox=sandbox).check()
    assert workshop.answer()["words"] == "more"
    workshop.says("first")
    workshop.deploy().check()


LOOSENED = (
    *("MemoryDenyWriteExecute", "PrivateDevices", "PrivateUsers", "ProcSubset", "ProtectProc"),
    *("RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "SystemCallFilter"),
)


def test_each_name_loosens_its_own_protection_alone(workshop: Workshop) -> None:
    def shown() -> dict[str, str]:
        show = f"systemctl show -p {','.join(PROTECTIONS)} {workshop.unit()}"
        return dict(line.split("=", 1) for line in workshop.server.run(show).stdout.splitlines())

    before = shown()
    workshop.deploy(sandbox={"loosen": LOOSENED}).check()
    after = shown()
    assert workshop.answer()["words"] == "first"
    # Without a filter there is nothing to answer with an error.
    assert {name for name in before if before[name] != after[name]} - {"SystemCallErrorNumber"} == {*LOOSENED}
    workshop.deploy().check()
    assert shown() == before


def test_nobody_logs_in_as_the_app(workshop: Workshop) -> None:
    """It would be let out of its sandbox by sshd, which takes keys from where a user's home is said to be."""
    server, keys = workshop.server, "/var/lib/app-caged/.ssh"
    server.install("login")  # sshd takes nobody whose shell is not there, as on no machine but the lab's
    # As an earlier gatehouse has made it, and while something of it runs.
    server.run("sed -i '/^app-caged:/s,/nonexistent,/var/lib/app-caged,' /etc/passwd")
    server.run(f"install -d -o app-caged {keys} && install -o app-caged /root/.ssh/authorized_keys {keys}")
    name, *asked = server.ssh("true")
    as_the_app = [name, "-o", "User=app-caged", "-o", "ControlPath=none", "-o", "BatchMode=yes", *asked]

    def said() -> str:
        return subprocess.run(as_the_app, capture_output=True, text=True, check=False).stderr

    assert "Permission denied" not in said(), "expected sshd to take the key from a home of the app's"
    assert workshop.deploy().check().changed
    assert "Permission denied" in said()
    assert workshop.deploy().check().changed == []
    assert workshop.answer()["words"] == "first"
