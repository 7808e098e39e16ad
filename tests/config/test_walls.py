"""However much is wrong with the settings, what is told of it can be read."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.reading import read_source
from deploys.config.secrets import FromCommand
from deploys.refusal import Refusal
from deploys.secrets import read_secret
from tests.config.wrong import changed, refused

MOST_LINES = 21
"""Lines of settings, and one for the rest."""

LONGEST = 700
"""Characters of a line."""

MANY = {
    "aliases": 'www["aliases"] = [f"a b{n}" for n in range(300)]',
    "aliases that could be mended": 'www["aliases"] = [f"HTTPS://a{n}_b.example.com" for n in range(300)]',
    "unknown keys": 'shop.update({f"zz{n}": 1 for n in range(300)})',
    "unknown keys at the top": "",
    "wrong routes": 'www["routes"] = {f"/{n}": "nothing" for n in range(300)}',
    "routes to nothing": 'www["routes"] |= {f"/{n}": {"app": "nothing"} for n in range(300)}',
    "wrong names of variables": 'shop["env"] = {f"A-{n}": "x" for n in range(300)}',
    "apps": 'apps.update({f"a{n}": {"asgi": "x"} for n in range(300)})',
}

LONG = {
    "a text": 'shop["asgi"] = "x" * 5000',
    "a text for a list": 'shop["build"] = "x" * 5000',
    "a text for an object": 'shop["limits"] = "x" * 5000',
    "a key": 'shop["x" * 5000] = 1',
    "a key with something below": 'apps["x" * 5000] = {"source": 5}',
    "many keys": 'shop["limits"] = [5]; shop["env"] = {"PATH": "", **{f"A{n}": "" for n in range(500)}}',
    "a long key": 'www["routes"] = {"/" + "x" * 5000 + "*": {"app": "shop"}}',
    "a path": 'shop["persistent"] = ["data/", "data/" + "x" * 5000]',
    "a number as key": 'www["error_pages"] = {5 ** 3000: "x"}',
}


def settings(change: str) -> dict[str, Any]:
    return changed(change) if change else changed("") | {f"site{'s' * n}": 1 for n in range(2, 50)}


@pytest.mark.parametrize("many", MANY)
def test_many_mistakes_are_told_in_few_lines(many: str) -> None:
    lines = refused(settings(MANY[many]))
    assert 1 < len(lines) <= MOST_LINES
    assert max(map(len, lines)) <= LONGEST


def test_how_many_more_there_are_is_said() -> None:
    assert refused(changed(MANY["aliases"]))[20:] == ["and 280 more"]


@pytest.mark.parametrize("long", LONG)
def test_what_is_long_is_shortened(long: str) -> None:
    lines = refused(changed(LONG[long]))
    assert lines
    assert max(map(len, lines)) <= LONGEST


@pytest.mark.parametrize(
    "read",
    [
        lambda: read_source("x" * 5000, "source"),
        lambda: read_source("x/" * 1500, "source"),
        lambda: read_source("https://example.com/" + "x/" * 1000, "source"),
        lambda: read_secret(FromCommand(command="sh -c 'seq 1000 >&2; exit 1'"), "secret"),
    ],
)
def test_what_the_controller_says_is_short(read: Callable[[], object]) -> None:
    with pytest.raises(Refusal) as refusal:
        read()
    lines = str(refusal.value).splitlines()
    assert len(lines) <= 6
    assert max(map(len, lines)) <= LONGEST


def test_the_last_words_of_a_secrets_command_are_shown(tmp_path: Path) -> None:
    command = f"sh -c 'seq 100 >&2; cat {tmp_path}/none'"
    with pytest.raises(Refusal, match=r"\| 100\n.*No such file"):
        read_secret(FromCommand(command=command), "secret")
