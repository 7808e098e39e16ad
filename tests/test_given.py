"""Whatever stands where a setting names a file on the controller, one line says what, and what to write."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from deploys.apps import deploy_key
from deploys.apps.indexes import read_ca_bundle
from deploys.apps.reading import read_source
from deploys.certificates import controller, vault
from deploys.config import Backup
from deploys.config.images import ImageSource
from deploys.config.proxies import ProgramFile
from deploys.config.secrets import FromFile
from deploys.config.sources import Indexes, WheelSource
from deploys.env_file import variables
from deploys.proxies.contract import Releases
from deploys.proxies.program import program
from deploys.refusal import Refusal
from deploys.secrets import read_secret
from tests.config.wrong import SMALLEST, refused


def _a_pipe(path: Path) -> None:
    os.mkfifo(path)


def _a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _a_loop(path: Path) -> None:
    path.symlink_to(path.name)


def _a_dangling_link(path: Path) -> None:
    path.symlink_to("nowhere")


THERE: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda _: None, "no such file or directory"),
    "a directory": (Path.mkdir, "is a directory"),
    "a pipe": (_a_pipe, "is no regular file"),
    "a socket": (_a_socket, "is no regular file"),
    "a loop of links": (_a_loop, "too many levels of symbolic links"),
    "a link to nothing": (_a_dangling_link, "no such file or directory"),
}

PATHS = {
    "too long a name": ("n" * 300, "file name too long"),
    "a file as a directory": ("plain/below", "not a directory"),
    "a device": ("/dev/null", "is no regular file"),
}

RELEASES = Releases("https://vendor.test/{version}/{machine}.tar.gz", (2, 11, 0))

READERS: dict[str, Callable[[str], object]] = {
    "['env_file']": lambda path: variables(path, "['env_file']"),
    "['secret']['file']": lambda path: read_secret(FromFile(file=path), "['secret']"),
    "['ca_bundle']": lambda path: read_ca_bundle(Indexes(ca_bundle=path), ""),
    "acme['ca_bundle']": controller.bundle,
    "['key']": lambda path: deploy_key.check(path, "['key']"),
    "backup['passphrase_file']": lambda path: vault.passphrase(Backup(file="b", passphrase_file=path)),
    "proxy_program['file']": lambda path: program("caddy", RELEASES, ProgramFile(file=path)),
}

SOURCES: dict[str, Callable[[str], object]] = {
    "a directory": lambda path: read_source(path, "source"),
    "a wheel": lambda path: read_source(WheelSource(wheel=f"{path}.whl"), "source"),
    "an archive": lambda path: read_source(ImageSource(image=f"{path}.tar"), "source"),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plain").write_text("plain")


def refusal(read: Callable[[str], object], path: str) -> str:
    with pytest.raises(Refusal) as refused:
        read(path)
    return str(refused.value).removeprefix("settings refused, nothing was changed\n")


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("there", THERE)
def test_what_is_no_file_is_refused_with_what_it_is(key: str, there: str) -> None:
    make, why = THERE[there]
    make(Path("given"))
    line = refusal(READERS[key], "given")
    assert line.startswith(f"{key}: 'given': {why}: write ")
    assert line.count("given") == 1, "the name is told once"


@pytest.mark.parametrize("key", READERS)
@pytest.mark.parametrize("path", PATHS)
def test_a_path_that_leads_nowhere_is_refused(key: str, path: str) -> None:
    written, why = PATHS[path]
    line = refusal(READERS[key], written)
    assert f": {why}: write " in line
    assert len(line) < 400


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("there", THERE)
def test_what_is_no_source_is_refused(source: str, there: str) -> None:
    for suffix in ("", ".whl", ".tar"):
        THERE[there][0](Path(f"given{suffix}"))
    assert "\n" not in refusal(SOURCES[source], "given")


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("path", PATHS)
def test_a_source_whose_path_leads_nowhere_is_refused(source: str, path: str) -> None:
    assert "\n" not in refusal(SOURCES[source], PATHS[path][0])


def test_a_file_that_is_called_nearly_the_same_is_named() -> None:
    Path("shop.env").write_text("A=1")
    line = refusal(READERS["['env_file']"], "shp.env")
    assert line.startswith("['env_file']: 'shp.env': no such file or directory: did you mean 'shop.env'? ")


PLACES: dict[str, Callable[[str], dict[str, object]]] = {
    "env_file": lambda path: {"apps": {"shop": {**SMALLEST["apps"]["shop"], "env_file": path}}},
    "source": lambda path: {"apps": {"shop": {"source": path, "asgi": "shop:app"}}},
    "snippets": lambda path: {"snippets": [path]},
    "backup": lambda path: {"backup": {"file": path}},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("~nosuchuser/x", "write a path: there is no user 'nosuchuser' here"),
        ("x\0y", "remove the line breaks and control characters"),
        ("x\udc00y", "write a path, in characters that a file's name can have"),
    ],
)
def test_what_can_be_no_path_is_refused_with_the_settings(place: str, path: str, remedy: str) -> None:
    (line,) = refused(SMALLEST | PLACES[place](path))
    assert line.endswith(remedy)
    line.encode()
