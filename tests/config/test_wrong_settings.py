"""Whatever is wrong with a setting, its line says what, and what to write, in words of our own."""

import datetime
import re
from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from typing import Any, cast

import pytest

from deploys.config.reference import reference
from tests.config.wrong import SMALLEST, Wrong, changed, refused, table

WRONG = table()

Key = tuple[str, ...]

FOREIGN = re.compile(
    r"[Ii]nput|should|valid|instance|Value error|Extra|[Ff]ield|pydantic|object at|Traceback|does not appear"
)
"""Words of pydantic's, and of Python's own exceptions."""


@pytest.mark.parametrize("wrong", WRONG, ids=[wrong.change for wrong in WRONG])
def test_a_wrong_setting_gets_its_line(wrong: Wrong) -> None:
    assert refused(changed(wrong.change)) == wrong.lines


def test_no_line_shows_a_secret() -> None:
    lines = [line for wrong in WRONG for line in wrong.lines]
    assert "hunter2" in " ".join(wrong.change for wrong in WRONG)
    assert [line for line in lines if "hunter2" in line] == []


def groups() -> Iterator[tuple[Key, list[str], list[str]]]:
    """Read the reference: where each group of settings is, its keys, and those that are required."""
    for section in reference().split("\n## ")[1:]:
        title, *rows = section.splitlines()
        where = () if title == "Top level" else tuple(re.findall(r"`([^`]+)`", title))
        cells = [row.split(" | ") for row in rows if row.startswith("| `")]
        keys = [cell[0].strip("| `") for cell in cells]
        yield where, keys, [key for key, cell in zip(keys, cells, strict=True) if cell[1] == "required"]


GROUPS = list(groups())
EVERY = [(where, key, required) for where, keys, required in GROUPS for key in keys]
NAMES = {"apps": "shop", "sites": "www.example.com", "routes": "/", "upstreams": "legacy", "jobs": "tidy"}

BESIDE = {"source": {"image": "shop.tar"}}
"""What a group must have for what is below it to be looked at."""


def put(where: Key, value: object) -> dict[str, Any]:
    """Copy the smallest settings with one value set; `<name>` stands for any name."""

    def within(data: Any, above: str, keys: Key) -> Any:
        if not keys:
            return value
        key = NAMES.get(above, "TOKEN") if keys[0] == "<name>" else keys[0]
        group = data if isinstance(data, dict) else BESIDE.get(above, {})
        return {**group, key: within(group.get(key), keys[0], keys[1:])}

    settings = within(SMALLEST, "", where)
    assert isinstance(settings, dict)
    return settings


def told(lines: list[str], where: Key) -> bool:
    """Say whether one of the lines is about a key, in whichever place of that kind."""
    place = "".join("\\[[^]]+\\]" if part == "<name>" else rf"\['{part}'\]" for part in where[1:])
    return any(re.match(rf"{where[0]}{place}[\[:]", line) for line in lines)


@pytest.mark.parametrize(("where", "key", "required"), EVERY, ids=[" ".join((*w, k)) for w, k, _ in EVERY])
def test_every_key_is_in_the_table(where: Key, key: str, required: list[str]) -> None:
    lines = [line for wrong in WRONG for line in wrong.lines]
    assert told(lines, (*where, key)), f"add a wrong value of {key} to {Path('wrong_settings.txt')}"


@pytest.mark.parametrize(("where", "key", "required"), EVERY, ids=[" ".join((*w, k)) for w, k, _ in EVERY])
def test_every_key_is_found_from_a_misspelt_one(where: Key, key: str, required: list[str]) -> None:
    misspelt = f"{key}{key[-1]}"
    group = {name: "x" for name in required if name != key}
    settings = put(where, {**group, misspelt: "x"}) if where else {**SMALLEST, misspelt: "x"}
    assert f"did you mean '{key}'?" in "\n".join(refused(settings))


def within_itself() -> object:
    itself: list[object] = ["x"]
    itself.append(itself)
    return itself


JUNK: dict[str, Callable[[], object]] = {
    "None": lambda: None,
    "a function": lambda: print,
    "an object": object,
    "a set": lambda: {1},
    "bytes": lambda: b"\xff",
    "a complex number": lambda: 3j,
    "not a number": lambda: float("nan"),
    "infinity": lambda: float("inf"),
    "a huge number": lambda: 10**5000,
    "a negative number": lambda: -1,
    "an empty text": lambda: "",
    "control characters": lambda: "\x1b]0;x\x07\u202e\n",
    "braces": lambda: "{words} {0} %s",
    "a list of numbers": lambda: [1, 2.5],
    "a list of nothing": lambda: [None],
    "a strange object": lambda: {"x": 1},
    "a number as key": lambda: {5: 5},
    "nothing as key": lambda: {None: None},
    "a tuple as key": lambda: {(1, 2): 1},
    "bytes as key": lambda: {b"\xff": b"\xff"},
    "a date": lambda: datetime.date(2026, 11, 29),
    "a generator": lambda: (number for number in range(3)),
    "a frozen set": lambda: frozenset({"x"}),
    "a tuple": lambda: ("x", {"y": ("z",)}),
    "a deep list": lambda: reduce(lambda within, _: [within], range(500), cast("object", "x")),
    "a deep object": lambda: reduce(lambda within, _: {"x": within}, range(500), cast("object", "x")),
    "a list in itself": within_itself,
    "a zero byte": lambda: "x\0y",
    "half a letter": lambda: "x\udc00y",
    "nobody's home": lambda: "~nosuchuser/x",
    "more than 64 bits": lambda: 2**64,
    "a class": lambda: Path,
}


@pytest.mark.parametrize(("where", "key", "required"), EVERY, ids=[" ".join((*w, k)) for w, k, _ in EVERY])
def test_no_junk_brings_foreign_words(where: Key, key: str, required: list[str]) -> None:
    """Each line is printable, begins with the key, and ends with a remedy of ours."""
    for junk, make in JUNK.items():
        for line in refused(put((*where, key), make())):
            place, _, remedy = line.partition(": ")
            assert re.match(r"[a-z0-9_]+(\[[^]]+\])*$", place), f"{junk}: {line}"
            assert line.isprintable(), f"{junk}: {line}"
            assert not FOREIGN.search(remedy), f"{junk}: {line}"
