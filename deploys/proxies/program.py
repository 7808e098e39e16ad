"""The program of a proxy that is not Debian's: a release of its vendor, or a file of the controller's."""

import base64
import hashlib
import zlib
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host

from deploys import given, looks, remote
from deploys.config.proxies import ProgramFile, ProxyProgram
from deploys.looks import Look
from deploys.places import proxies
from deploys.proxies.contract import Releases
from deploys.proxies.onhost import program as program_onhost
from deploys.proxies.onhost import programs
from deploys.refusal import Refusal


@dataclass(frozen=True)
class Program:
    """A program as it must be on the host, and how it gets there."""

    name: str
    path: str
    """Where it is on the host."""
    releases: Releases
    wanted: ProxyProgram


def program(name: str, releases: Releases, wanted: ProxyProgram) -> Program:
    """Say where a proxy's program will be.

    Raises:
        Refusal: it is older than what its configuration is written for, or a file that cannot be read.

    """
    if isinstance(wanted, ProgramFile):
        key = "settings refused, nothing was changed\nproxy_program['file']"
        found = given.content(wanted.file, key, f"write the path of {name}'s program on this machine")
        digest = hashlib.sha256(found).hexdigest()
        return Program(name, proxies.program(name, digest), releases, wanted)
    if tuple(map(int, wanted.version.split("."))) < releases.oldest:
        oldest = ".".join(map(str, releases.oldest))
        raise Refusal(
            f"settings refused, nothing was changed\nproxy_program['version']: {wanted.version!r}: "
            f"write {oldest} or a later one"
        )
    return Program(name, proxies.program(name, wanted.checksum), releases, wanted)


def look(program: Program) -> Look:
    """Look whether it is there, and which others."""
    return Look(programs, {"pattern": proxies.any_program(program.name)}, bare=[])


@operation()
def put(program: Program) -> Generator[StringCommand, None, None]:
    """Have the program on the host; it is not run yet.

    Args:
        program: which.

    """
    if program.path in looks.at(look(program)):
        host.noop("the program is there")
        return
    yield remote.run(program_onhost, {"path": program.path, **_source(program)})


@operation()
def keep_no_other(program: Program) -> Generator[StringCommand, None, None]:
    """Remove those that were run before.

    Args:
        program: the one that is run.

    """
    found = looks.at(look(program))
    if not [path for path in found if path != program.path]:
        host.noop("there is no other")
        return
    yield remote.run(programs, {"pattern": proxies.any_program(program.name), "keep": program.path})


def _source(program: Program) -> dict[str, Any]:
    oldest = [*program.releases.oldest]
    if isinstance(program.wanted, ProgramFile):
        # Only a little larger with the least effort, which is a fifth of the usual one.
        packed = zlib.compress(Path(program.wanted.file).read_bytes(), 1)
        return {"oldest": oldest, "content": base64.b64encode(packed).decode()}
    release = program.wanted
    url = release.url or program.releases.url.replace("{version}", release.version)
    return {"oldest": oldest, "url": url, "checksum": release.checksum}
