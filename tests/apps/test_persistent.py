"""What an app writes within its code outlives releases; where a route says so, the proxy answers from it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.house import House
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PERSISTENT = ["data/", "media", "db.sqlite3"]
HOLES = 1 << 32
"""The size of a file that a build makes, with nothing in it."""


@dataclass(frozen=True)
class Writer:
    """An app that writes beside its code, and its site."""

    house: House
    folder: Path

    def answer(self) -> Any:
        return json.loads(self.house.outside.get("/").text)


@pytest.fixture(scope="module", params=["12", "13"])
def writer(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Writer:
    folder = tmp_path_factory.mktemp("writer") / "writer"
    shutil.copytree(Path("tests/apps/writer"), folder)
    name = f"writer-{request.param}"
    house = House.on(
        lab,
        lab.up(name, debian=request.param, furnished=True),
        apps={
            "shop": {
                "source": str(folder),
                "asgi": "shop.main:app",
                "persistent": PERSISTENT,
                "build": [f"truncate --size={HOLES} media/holes"],
                "drain": 2,
            }
        },
        sites={
            f"www.{name}.test": {
                "routes": {"/": {"app": "shop"}, "/media/": {"files": "media", "release_of": "shop"}}
            }
        },
    )
    house.deploy().check()
    assert house.deploy().check().changed == []
    return Writer(house, folder)


@pytest.mark.parametrize(
    ("path", "content"),
    [("sub/first.txt", "a picture"), ("deep/er/upload.txt", "an upload")],
    ids=["brought by the release", "written by the app"],
)
def test_the_proxy_answers_from_it(writer: Writer, path: str, content: str) -> None:
    answer = writer.house.outside.get(f"/media/{path}")
    assert (answer.status_code, answer.text) == (200, content)


@pytest.mark.parametrize(
    "path",
    [
        *("passwd", "secret", "database", "root/etc/passwd", "own", "pipe", "deep/"),
        *("hard-passwd", "hard-secret", "hard-database"),
    ],
)
def test_the_proxy_answers_from_nothing_else(writer: Writer, path: str) -> None:
    answer = writer.house.outside.get(f"/media/{path}")
    assert answer.status_code in {403, 404}, f"{path} was answered {answer.status_code}: {answer.text[:80]!r}"


def test_a_file_of_holes_fills_no_disk(writer: Writer) -> None:
    found = writer.house.server.run("stat --format='%s %b' /srv/shop/persistent/media/holes").stdout
    assert found.split() == [str(HOLES), "0"]


def test_nothing_can_be_linked_into_it(writer: Writer) -> None:
    assert writer.answer()["linked"] == [], "expected the kernel to refuse"


def test_nobody_else_reads_it(writer: Writer) -> None:
    server = writer.house.server
    everything = "find /srv/shop/persistent -mindepth 1 -perm /o=rwx -not -type l"
    assert server.run(everything).stdout == "", "expected nothing for everybody"
    for place, readers in (("media/sub", 0), ("data", 1), ("db.sqlite3", 1)):
        read = server.run(
            f"setpriv --reuid=www-data --clear-groups ls /srv/shop/persistent/{place}", check=False
        )
        assert bool(read.returncode) == bool(readers), f"{place}: {read.stdout}{read.stderr}"


def test_it_outlives_a_release_and_a_rollback(writer: Writer) -> None:
    before = writer.answer()
    assert before["data"] == {"seed.txt": "of the first release", "more.txt": "more"}
    (writer.folder / "data" / "seed.txt").write_text("of another release")
    writer.house.deploy().check()
    after = writer.answer()
    assert after["data"] == before["data"], "expected what another release brings to count no more"
    assert after["starts"] == [*before["starts"], before["starts"][-1] + 1]
    writer.house.deploy(deploy="deploys/rollback.py").check()
    back = writer.answer()
    assert back["starts"] == [*after["starts"], before["starts"][-1]]
    assert back["data"] == before["data"]
    assert writer.house.outside.get("/media/sub/first.txt").text == "a picture"


def test_what_may_not_be_written_is_told_with_the_setting(writer: Writer) -> None:
    apps = {"shop": {**writer.house.settings["apps"]["shop"], "persistent": ["data/", "media/"]}}
    run = writer.house.deploy(apps=apps)
    assert run.code == 1, run.output
    told = 'a database in the code is to be named by its path there, like "persistent": ["db.sqlite3"]'
    assert told in " ".join(run.output.split())
    assert writer.answer()["starts"], "expected the former release to serve"
