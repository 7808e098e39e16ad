from pathlib import Path

import pytest

from tests.lab import network, registry
from tests.lab.layout import Layout


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The host-wide files, in a folder of the test's own."""
    folder = tmp_path / "run"
    forwarding = tmp_path / "ip_forward"
    forwarding.write_text("0\n")
    instances = tmp_path / "max_user_instances"
    instances.write_text("128\n")
    monkeypatch.setattr(registry, "FOLDER", folder)
    monkeypatch.setattr(registry, "KERNEL", {forwarding: 1, instances: 4096})
    monkeypatch.setattr(network, "NAMESPACES", tmp_path / "netns")
    return tmp_path


def _layout(host: Path, name: str) -> Layout:
    state = host / name
    state.mkdir()
    return Layout(state)


def test_each_lab_keeps_a_subnet_of_its_own(host: Path) -> None:
    one, other = _layout(host, "one"), _layout(host, "other")
    subnets = [registry.claim(one), registry.claim(other), registry.claim(one)]
    assert subnets[0] == subnets[2]
    assert not subnets[0].ipv4.overlaps(subnets[1].ipv4)


def kernel(host: Path) -> list[str]:
    return [(host / name).read_text() for name in ("ip_forward", "max_user_instances")]


def test_the_last_lab_leaves_the_host_as_the_first_found_it(host: Path) -> None:
    one, other = _layout(host, "one"), _layout(host, "other")
    registry.claim(one)
    registry.claim(other)
    assert kernel(host) == ["1\n", "4096\n"]
    registry.release(one)
    assert kernel(host) == ["1\n", "4096\n"]
    registry.release(other)
    assert kernel(host) == ["0\n", "128\n"]
    assert not registry.FOLDER.exists()


def test_forwarding_that_was_on_stays_on(host: Path) -> None:
    (host / "ip_forward").write_text("1\n")
    one = _layout(host, "one")
    registry.claim(one)
    registry.release(one)
    assert (host / "ip_forward").read_text() == "1\n"


def test_a_lab_that_is_gone_holds_nothing(host: Path) -> None:
    gone, last = _layout(host, "gone"), _layout(host, "last")
    registry.claim(gone)
    registry.use_image(gone, Path("/cache/server-13"))
    gone.state.rmdir()
    registry.claim(last)
    assert registry.images_of_others(last) == {}
    registry.release(last)
    assert not registry.FOLDER.exists()


def test_an_image_is_held_by_the_lab_that_uses_it(host: Path) -> None:
    one, other = _layout(host, "one"), _layout(host, "other")
    registry.claim(one)
    registry.use_image(one, Path("/cache/server-13"))
    assert registry.images_of_others(other) == {"/cache/server-13": str(one.state)}
    assert registry.images_of_others(one) == {}


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"state": 1}'])
def test_a_damaged_entry_is_no_entry(host: Path, damage: str) -> None:
    one = _layout(host, "one")
    first = registry.claim(one)
    (registry.FOLDER / f"{one.id}.json").write_text(damage)
    assert registry.read(one) is None
    assert registry.claim(one) == first
