"""All that root installs from package indexes is known by its digests, and no list names an index."""

import re
from pathlib import Path

import pytest

from deploys import pins

ROOT = Path(__file__).parent.parent
LISTS = sorted(path.with_suffix(".txt") for path in (ROOT / "deploys").rglob("*.in"))


def test_the_lists_are_found() -> None:
    assert {path.name for path in LISTS} == {"certbot.txt", "uv.txt"}


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_each_package_has_its_digests(path: Path) -> None:
    found = pins.read(path)
    for pin in found:
        head, *digests = pin.text.splitlines()
        assert re.fullmatch(r"[a-z0-9-]+==[^\s;]+( ; [^\\]+)? \\", head)
        assert digests
        assert all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?", line) for line in digests)
        assert pin.bare == head.removesuffix(" \\")
    everything = {pin.name for pin in found}
    asked = {line.partition("==")[0] for line in path.with_suffix(".in").read_text().split()}
    assert asked <= everything
    assert {pin.name for pin in pins.needed(found, asked)} == everything


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_what_is_asked_for_is_what_is_listed(path: Path) -> None:
    listed = {f"{pin.name}=={pin.version}" for pin in pins.read(path)}
    assert {*path.with_suffix(".in").read_text().split()} <= listed


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.name)
def test_no_index_is_named(path: Path) -> None:
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", path.read_text())


def test_each_version_of_a_package_is_kept(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("""\
a==1 \\
    --hash=sha256:11
    # via -r x.in
b==1 ; python_full_version < '3.11' \\
    --hash=sha256:22
    # via a
b==2 ; python_full_version >= '3.11' \\
    --hash=sha256:33
    # via a, c
c==1 \\
    --hash=sha256:44
    # via -r x.in
""")
    assert [pin.bare for pin in pins.needed(pins.read(tmp_path / "x.txt"), ["a"])] == [
        "a==1",
        "b==1 ; python_full_version < '3.11'",
        "b==2 ; python_full_version >= '3.11'",
    ]
