"""The proxies that there are to choose from, and where the program of one comes from."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Tag

from deploys.config import guesses
from deploys.config.contradiction import Contradiction
from deploys.config.fields import ControllerPath, Url, matching
from deploys.config.settings import Settings, told_apart_by

if TYPE_CHECKING:
    from deploys.config.server import Server

ProxyName = Literal["nginx", "caddy", "traefik", "none"]

NO_PROXY: ProxyName = "none"
"""Whatever stands in front of the server does a proxy's work."""

OF_DEBIAN: tuple[ProxyName, ...] = ("nginx",)
"""Those whose program is Debian's package, patched as long as the release is."""

_VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")


class ProgramFile(Settings):
    """The proxy's program is a file on the controller."""

    file: ControllerPath
    """The program itself, for the server's kind of processor."""


class ProgramRelease(Settings):
    """The proxy's program comes from a release of its vendor, fetched by the server."""

    version: Annotated[str, matching(_VERSION, 'write a version like "2.11.7"', guesses.version)]
    """The release, like `2.11.7`: of Caddy from 2.11.0 on, of Traefik from 3.7.15 on."""

    checksum: Annotated[
        str,
        matching(
            re.compile(r"[0-9a-f]{64}|[0-9a-f]{128}"),
            "write the archive's SHA-256 or SHA-512 in hexadecimal, as the release lists it",
        ),
    ]
    """SHA-256 or SHA-512 of the release's archive for the server's processor, as its vendor lists it; another
    archive is not unpacked."""

    url: Url | None = None
    """Where the archive is, if not at its vendor's: a `.tar.gz` with the program in it."""


ProxyProgram = Annotated[
    Annotated[ProgramFile, Tag("<file>")] | Annotated[ProgramRelease, Tag("<version>")],
    told_apart_by(
        "file",
        "version",
        remedy='write {"version": …, "checksum": …} for a release of its vendor, or {"file": …}',
    ),
]


def program_of_proxy(server: "Server") -> Iterator[Contradiction]:
    """Find a proxy without its program, and a program that nothing is done with."""
    given = server.proxy_program
    if not server.has_proxy:
        return
    if server.proxy in OF_DEBIAN and given is not None:
        remedy = f"remove it: {server.proxy} is Debian's own, which Debian keeps patched"
        yield Contradiction(("proxy_program",), given.model_dump(exclude_none=True), remedy)
    elif server.proxy not in OF_DEBIAN and given is None:
        remedy = (
            f"add where {server.proxy} comes from, as what Debian has of it is years old, or nothing: "
            'proxy_program = {"version": …, "checksum": …} for a release of its vendor, or {"file": …}'
        )
        yield Contradiction(("proxy",), server.proxy, remedy)
