"""What a release of an image is made of, and what its units are told: no value breaks out of its word."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploys.apps import images
from deploys.apps.build import recipe
from deploys.apps.image_unit import ImageOccupant
from deploys.apps.reading import read_source
from deploys.apps.source import NOTHING
from deploys.config import App
from deploys.config.images import ImageSource
from deploys.places.apps import AppPlaces
from deploys.refusal import Refusal

PLACES = AppPlaces("shop", 20010)
REFERENCE = f"registry.example.com/team/shop:1.2@sha256:{'0' * 64}"


def app(image: Any = REFERENCE, **settings: Any) -> App:
    return App.model_validate({"source": {"image": image}} | settings)


def asked(script: str, tmp_path: Path) -> Any:
    """Run the script with a stand-in for what builds, and give what that is asked for."""
    stand_in = "import sys; print(sys.argv[2])"
    (tmp_path / "gatehouse").write_text(stand_in)
    environment = {"VIRTUAL_ENV": str(tmp_path / "venv"), "GATEHOUSE_PODMAN": str(tmp_path / "gatehouse")}
    (tmp_path / "venv").mkdir()
    done = subprocess.run(
        ["/bin/sh", "-eu", "-c", script], env=os.environ | environment, stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["shop.tar", 'it\'s $(touch x) "a".tar'])
def test_an_archive_is_named_whatever_its_name_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("an image")
    settings = app(str(tmp_path / name))
    source = read_source(settings.source, "source")
    assert source.files == (name,)
    assert asked(recipe(settings, source).script, tmp_path) == {"archive": name, "mounts": []}


def test_an_image_of_a_registry_is_pulled_by_its_digest(tmp_path: Path) -> None:
    settings = app(sandbox={"writable": ["/srv/shared"]})
    assert read_source(settings.source, "source") is NOTHING
    script = recipe(settings, NOTHING).script
    assert asked(script, tmp_path) == {"reference": REFERENCE, "mounts": ["/srv/shared"]}


@pytest.mark.parametrize("name", ["Containerfile", "Dockerfile"])
def test_a_directory_is_built_as_a_whole(tmp_path: Path, name: str) -> None:
    (tmp_path / "context").mkdir()
    (tmp_path / "context" / name).write_text("FROM scratch\n")
    settings = app({"containerfile": str(tmp_path / "context")})
    source = read_source(settings.source, "source")
    assert source.files == (name,)
    assert asked(recipe(settings, source).script, tmp_path) == {"context": ".", "mounts": []}


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("nowhere.tar", "source['image']: 'nowhere.tar': there is no such file: write the file that"),
        ({"containerfile": "{empty}"}, "has no Containerfile or Dockerfile, or git ignores it"),
    ],
)
def test_what_is_not_there(tmp_path: Path, image: Any, told: str) -> None:
    (tmp_path / "README").write_text("nothing to build")
    if isinstance(image, dict):
        image = {key: value.format(empty=tmp_path) for key, value in image.items()}
    with pytest.raises(Refusal) as refused:
        read_source(app(image).source, "source")
    assert told in str(refused.value)


def test_another_image_persistent_place_or_mount_is_another_release() -> None:
    other = REFERENCE.replace("0", "1")
    settings = [
        app(),
        app(other),
        app(persistent=["app/data/"]),
        app(sandbox={"writable": ["/srv/shared"]}),
    ]
    assert len({recipe(each, NOTHING).digest for each in settings}) == len(settings)


def test_its_port_and_command_are_no_other_release_but_another_start() -> None:
    plain, other = app(), app(container={"port": 5000, "command": "serve 'a b'"})
    assert recipe(plain, NOTHING).digest == recipe(other, NOTHING).digest
    units = [ImageOccupant(each, PLACES, "a", 1).unit_files() for each in (plain, other)]
    assert units[0] != units[1]


def told(settings: App) -> Any:
    unit = ImageOccupant(settings, PLACES, "a", 3).unit_files()[PLACES.service("a")]
    (line,) = [line for line in unit.splitlines() if "GATEHOUSE_CONTAINER=" in line]
    return json.loads(shlex.split(line.partition("=")[2])[0].partition("=")[2])


def test_a_unit_tells_the_container_what_the_settings_say() -> None:
    found = told(
        app(
            container={"command": "serve 'a b' 100%"},
            env={"COLOUR": "red"},
            secrets={"TOKEN": {"env": "X"}},
            persistent=["app/data/"],
            reach=["postgres", "127.0.0.1:7000-7001", "10.0.0.0/8:80", "syslog"],
        )
    )
    assert found["root"] == "/srv/shop/releases/3/code"
    assert found["command"] == ["serve", "a b", "100%%"]
    assert {"COLOUR", "TOKEN", "GATEHOUSE_PREFIX", "STATE_DIRECTORY"} <= {*found["variables"]}
    assert found["places"] == ["/srv/shop/persistent/app%%2Fdata", "/var/lib/app-shop"]
    assert found["sockets"] == ["/run/postgresql", "/run/systemd/journal/dev-log"]
    assert found["loopback"] == [5432, 7000, 7001]


def test_nothing_of_pythons_is_in_its_units() -> None:
    units = ImageOccupant(
        app(processes={"mail": "send 'a b'"}, hooks={"before": ["migrate"]}), PLACES, "b", 3
    ).unit_files()
    python = "/srv/shop/releases/3/venv/bin/python -I /srv/shop/releases/3/gatehouse"
    started = {
        name: [line.partition("=")[2] for line in unit.splitlines() if line.startswith("ExecStart=")]
        for name, unit in units.items()
    }
    assert started == {
        PLACES.service("b"): [f"{python} serve"],
        PLACES.process("b", "mail"): [f'{python} run send "a b"'],
        PLACES.hook("b", "before"): [f"{python} run migrate"],
    }
    for unit in units.values():
        assert "PYTHONPATH" not in unit
        assert "NoNewPrivileges=yes" in unit
        assert "CapabilityBoundingSet=\n" in unit


@pytest.mark.parametrize(
    "name", ["LD_PRELOAD", "CONTAINERS_CONF", "XDG_RUNTIME_DIR", "TMPDIR", "HOME", "PATH"]
)
def test_a_variable_that_podman_would_heed_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match=rf"apps\['shop'\]: {name}: podman would heed it itself"):
        images.refuse_variables(["DEBUG", "PATH_INFO", name], "apps['shop']")


def test_a_login_is_as_podman_reads_it() -> None:
    source = ImageSource.model_validate(
        {"image": REFERENCE, "login": {"user": "ci", "password": {"env": "TOKEN"}}}
    )
    assert source.login
    found = json.loads(images.logins(source, source.login, "it's:a secret"))
    assert found == {"auths": {"registry.example.com": {"auth": "Y2k6aXQnczphIHNlY3JldA=="}}}


def test_a_machine_of_another_distribution_is_refused() -> None:
    images.refuse_elsewhere("debian", "apps['shop']")
    with pytest.raises(Refusal, match=r"^apps\['shop'\]\['source'\]: an image needs Debian 12 or 13"):
        images.refuse_elsewhere("ubuntu", "apps['shop']")
