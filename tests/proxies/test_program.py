"""A proxy's program gets to its place whole, checked and new enough, or nothing of it does."""

import base64
import hashlib
import io
import tarfile
import zlib
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from deploys.config.proxies import ProgramFile
from deploys.load import server_from
from deploys.onhost import run
from deploys.proxies.contract import Releases
from deploys.proxies.onhost import program as program_onhost
from deploys.proxies.onhost import programs
from deploys.proxies.program import program
from deploys.refusal import Refusal
from tests.serving import serving

ACME = {"email": "ops@example.com"}
SITES = {"example.com": {"routes": {"/": {"redirect": "https://example.org"}}}}
OLDEST = [2, 11, 0]


def says(version: str) -> bytes:
    """Make a program that says its version."""
    return f"#!/bin/sh\necho {version} h1:x=\n".encode()


def archive(name: str, content: bytes, kind: bytes = tarfile.REGTYPE) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for each, data in (("README.md", b"read me"), (name, content)):
            entry = tarfile.TarInfo(each)
            entry.size = len(data)
            if each == name and kind != tarfile.REGTYPE:
                entry.type, entry.linkname, entry.size = kind, "/usr/bin/id", 0
            tar.addfile(entry, io.BytesIO(data))
    return packed.getvalue()


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """A place on loopback from which archives are had: its folder, and its URL."""
    folder = tmp_path_factory.mktemp("vendor")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with serving(server):
        yield folder, f"http://127.0.0.1:{server.server_port}"


def release(vendor: tuple[Path, str], packed: bytes, kind: str = "sha256") -> dict[str, Any]:
    """Have the vendor offer an archive, and say what the settings say of it."""
    folder, url = vendor
    checksum = hashlib.new(kind, packed).hexdigest()
    (folder / f"{checksum}.tar.gz").write_bytes(packed)
    return {"url": f"{url}/{checksum}.tar.gz", "checksum": checksum, "oldest": OLDEST}


def file(content: bytes) -> dict[str, Any]:
    return {"content": base64.b64encode(zlib.compress(content)).decode(), "oldest": OLDEST}


@pytest.mark.parametrize("kind", ["sha256", "sha512"])
def test_a_release_is_fetched_and_checked(tmp_path: Path, vendor: tuple[Path, str], kind: str) -> None:
    place = tmp_path / "caddy-1" / "caddy"
    program_onhost.main({"path": str(place), **release(vendor, archive("caddy", says("v2.11.7")), kind)})
    assert run.attempt(str(place), "version").stdout.startswith("v2.11.7")
    assert [path.name for path in tmp_path.iterdir()] == ["caddy-1"]


def test_a_file_of_the_controllers_is_put_there(tmp_path: Path) -> None:
    place = tmp_path / "caddy-1" / "caddy"
    program_onhost.main({"path": str(place), **file(says("v2.12.0"))})
    assert place.read_bytes() == says("v2.12.0")
    assert place.stat().st_mode & 0o7777 == 0o755


def wrong_checksum(vendor: tuple[Path, str]) -> dict[str, Any]:
    return {**release(vendor, archive("caddy", says("v2.11.7"))), "checksum": "0" * 64}


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (wrong_checksum, "has the checksum .*, not that of the settings"),
        (lambda vendor: {**release(vendor, b"x"), "url": f"{vendor[1]}/none"}, "cannot be fetched: .*404"),
        (
            lambda vendor: {**release(vendor, b"x"), "url": "http://127.0.0.1:1/x"},
            "cannot be fetched: .*refused",
        ),
        (lambda vendor: release(vendor, b"no archive at all"), "is no archive"),
        (lambda vendor: release(vendor, archive("traefik", says("v9.9.9"))), "has no caddy in it"),
        (lambda vendor: release(vendor, archive("caddy", b"", tarfile.SYMTYPE)), "has no caddy in it"),
        (
            lambda vendor: release(vendor, archive("caddy", says("v2.6.2"))),
            "is caddy 2.6.2; give 2.11.0 or a",
        ),
        (lambda _: file(says("v2.6.2")), "is caddy 2.6.2; give 2.11.0 or a later one"),
        (lambda _: file(b"\x7fELF of another machine"), "does not run here"),
        (lambda _: file(b"#!/bin/sh\necho no; exit 1\n"), "says no version of caddy"),
    ],
)
def test_what_will_not_do_is_told_in_a_line_and_leaves_nothing(
    tmp_path: Path, vendor: tuple[Path, str], made: Any, words: str
) -> None:
    with pytest.raises(SystemExit, match=words) as refused:
        program_onhost.main({"path": str(tmp_path / "caddy-1" / "caddy"), **made(vendor)})
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_programs_are_found_and_all_but_one_removed(tmp_path: Path) -> None:
    for number in (1, 2):
        program_onhost.main({"path": str(tmp_path / f"caddy-{number}" / "caddy"), **file(says("v2.11.7"))})
    pattern, kept = f"{tmp_path}/caddy-*", str(tmp_path / "caddy-2" / "caddy")
    assert programs.main({"pattern": pattern}) == [str(tmp_path / "caddy-1" / "caddy"), kept]
    assert programs.main({"pattern": pattern, "keep": kept}) == [kept]
    assert programs.main({"pattern": pattern}) == [kept]


RELEASES = Releases("https://vendor.test/{version}/{machine}.tar.gz", (2, 11, 0))


def test_another_content_has_another_place(tmp_path: Path) -> None:
    paths = set()
    for content in (b"one", b"two"):
        (tmp_path / "caddy").write_bytes(content)
        paths.add(program("caddy", RELEASES, ProgramFile(file=str(tmp_path / "caddy"))).path)
    assert len(paths) == 2


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"proxy_program\['file'\]: .*none.*: no such file or directory: write"):
        program("caddy", RELEASES, ProgramFile(file=str(tmp_path / "none")))


def test_a_program_of_a_proxy_of_debians_is_refused() -> None:
    with pytest.raises(Refusal, match=r"proxy_program: .*: remove it: nginx is Debian's own"):
        server_from({"acme": ACME, "sites": SITES, "proxy_program": {"file": "/x"}})
