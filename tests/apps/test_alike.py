"""Two apps on a server, one of them called like a slot of the other: neither is touched by the other."""

import pytest

from tests.apps.workshop import Workshop
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture(scope="module")
def twins(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> tuple[Workshop, Workshop]:
    server = lab.up("alike", debian="12")
    pair = [Workshop.of(lab, server, tmp_path_factory.mktemp(name), name, {}) for name in ("twin", "twin-a")]
    for one in pair:
        one.deploy().check()
    return pair[0], pair[1]


def held(twin: Workshop) -> list[str]:
    """List what holds its ports, by systemd's and by the disk's word."""
    sockets = [f"gatehouse-{twin.name}.port-{port}.socket" for port in (twin.port, twin.port + 1)]
    on_disk = twin.server.run(
        f"ls /etc/systemd/system | grep -F 'gatehouse-{twin.name}.port-'"
    ).stdout.split()
    assert on_disk == sorted([*sockets, *(unit.replace(".socket", ".service") for unit in sockets)])
    return [unit for unit in sockets if twin.state(unit) == "active"]


def test_a_release_leaves_alone_who_is_called_like_its_slot(twins: tuple[Workshop, Workshop]) -> None:
    twin, other = twins
    before = other.answer()["pid"]
    for words in ("second", "third"):
        twin.says(words)
        twin.deploy().check()
        assert twin.answer()["words"] == words
        assert (len(held(other)), other.answer()["pid"]) == (2, before)
    assert other.deploy().check().changed == []


def test_a_removal_leaves_alone_who_is_called_like_its_slot(twins: tuple[Workshop, Workshop]) -> None:
    twin, other = twins
    before = other.answer()["pid"]
    said = other.deploy(deploy="deploys/forget.py").check().output
    assert f"gatehouse-{other.name}.port-" not in said
    assert (len(held(other)), other.answer()["pid"]) == (2, before)
    assert other.deploy().check().changed == []
    left = twin.server.run("ls /etc/systemd/system").stdout.split()
    assert [name for name in left if name.startswith(("gatehouse-twin.", "gatehouse-twin-b."))] == []
