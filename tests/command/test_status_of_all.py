"""`status` tells of every host of the inventory, whatever is wrong with one of them."""

import json

import pytest

from tests.command.clone import Clone
from tests.command.wrong import inventory

MACHINE = ["user 0", "distribution debian", "release 13", "codename trixie", "---", "null"]


def answering(*machine: str) -> dict[str, object]:
    return {"fake_delay": 0, "fake_responses": {"os-release": [*machine], "python3 -I": ["{}"]}}


HOSTS = {
    "bare": ("@fake/bare", answering(*MACHINE)),
    "of nobody": ("@fake/of-nobody", answering("user 1000", *MACHINE[1:])),
    "set wrongly": ("@fake/set-wrongly", {**answering(*MACHINE), "proxy": "ngins"}),
    "dumb": ("@fake/dumb", {"fake_delay": 0, "fake_responses": {"": {"success": False}}}),
    "down": ("down", {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root"}),
}
TOLD = {
    "bare": "nothing is deployed here yet; ./gatehouse site prod deploys it",
    "of nobody": "not looked at: connected without root's rights; set ssh_user = 'root', or _sudo = True",
    "set wrongly": "not looked at: proxy: 'ngins': did you mean 'nginx'? "
    "write 'nginx', 'caddy', 'traefik' or 'none'",
    "dumb": "not reached: did not answer as it was looked at, and did not say why",
    "down": "not reached: nothing answers at port 9 of 127.0.0.1",
}


@pytest.mark.parametrize(
    "kinds",
    [
        ("bare", "of nobody"),
        ("bare", "set wrongly"),
        ("down", "of nobody"),
        ("down", "set wrongly"),
        ("bare", "dumb"),
        ("dumb",),
    ],
    ids=", ".join,
)
@pytest.mark.parametrize("form", ["table", "json"])
def test_every_host_is_told_of(ready_clone: Clone, kinds: tuple[str, ...], form: str) -> None:
    check(ready_clone, kinds, form)


@pytest.mark.parametrize("form", ["table", "json"])
def test_all_kinds_at_once_in_a_process_from_its_start(clone: Clone, form: str) -> None:
    check(clone, (*HOSTS,), form)


def check(clone: Clone, kinds: tuple[str, ...], form: str) -> None:
    clone.write(inventory(f"hosts = {[HOSTS[kind] for kind in kinds]!r}\n"))
    ended = clone.run("status", "prod", *(["--json"] if form == "json" else []))
    assert problems(ended.output, form) == {HOSTS[kind][0]: [TOLD[kind]] for kind in kinds}
    assert ended.code == 1, ended.lines
    assert "Traceback" not in ended.errors


def problems(output: str, form: str) -> dict[str, list[str]]:
    if form == "json":
        return {name: found["problems"] for name, found in json.loads(output)["hosts"].items()}
    found: dict[str, list[str]] = {}
    for line in filter(None, output.splitlines()):
        if line.startswith("  "):
            [*found.values()][-1].append(line.removeprefix("  ✗ "))
        else:
            found[line] = []
    return found
