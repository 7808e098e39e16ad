"""Configurations rendered, written somewhere, and read back."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import crossplane

from deploys.base.machine import Machine
from deploys.load import server_from
from deploys.proxies.nginx.tree import tree
from deploys.routing import routing

TEXT = "# one of the user's own files\n"


class Texts(dict[str, str]):
    """The user's own files, whichever they are."""

    def __missing__(self, path: str) -> str:
        return TEXT


def render(settings: Mapping[str, Any], machine: Machine) -> dict[str, str]:
    """Render the configuration for settings."""
    return tree(routing(server_from(settings)), machine, Texts())


def placed(files: Mapping[str, str], path: str, certificates: str) -> dict[str, str]:
    """Give the files as they are below a path: certificates from one folder, and no sites of others."""
    found = {name: content.replace("@tree@", path) for name, content in files.items()}
    found["nginx.conf"] = found["nginx.conf"].replace("include /etc/nginx/sites-enabled/*;", "")
    lineage = re.compile(r"/etc/gatehouse/certificates/[^/]+")
    return {name: lineage.sub(certificates, content) for name, content in found.items()}


def write(files: Mapping[str, str], folder: Path) -> Path:
    """Write a configuration into a folder, without what is the machine's own, and give its main file."""
    for name, content in placed(files, str(folder), str(folder)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(re.sub(r"^ *include /etc/nginx/.*\n", "", content, flags=re.M))
    return folder / "nginx.conf"


Directive = dict[str, Any]


def parse(main: Path) -> list[Directive]:
    """Read a configuration with crossplane, includes in their places."""
    parsed = crossplane.parse(str(main), combine=True, check_ctx=True, check_args=True, strict=False)
    assert parsed["status"] == "ok", parsed["errors"]
    directives: list[Directive] = parsed["config"][0]["parsed"]
    return directives


def find(directives: list[Directive], name: str) -> Iterator[Directive]:
    """Give the directives of that name, in this block alone."""
    return (directive for directive in directives if directive["directive"] == name)


def block(directives: list[Directive], name: str) -> list[Directive]:
    """Give the only block of that name."""
    (found,) = find(directives, name)
    inner: list[Directive] = found["block"]
    return inner


def args(directives: list[Directive], name: str) -> list[str]:
    """Give the arguments of the only directive of that name."""
    (found,) = find(directives, name)
    arguments: list[str] = found["args"]
    return arguments


def milliseconds_of(word: str) -> int:
    """Read a time as nginx does (nginx.org/en/docs/syntax.html)."""
    number, unit = _number_and_unit(word)
    return number * {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}[unit]


def bytes_of(word: str) -> int:
    """Read an amount of data as nginx does (nginx.org/en/docs/syntax.html)."""
    number, unit = _number_and_unit(word)
    return number * {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}[unit]


def _number_and_unit(word: str) -> tuple[int, str]:
    match = re.fullmatch(r"(\d+)([a-z]*)", word)
    assert match, word
    return int(match[1]), match[2]
