"""What the units and drop-ins that gatehouse writes run as root, and that no app has a say in it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from deploys.apps import build, ports
from deploys.apps.image_unit import ImageOccupant
from deploys.apps.unit import Occupant
from deploys.certificates import certbot, kept
from deploys.config import App
from deploys.firewall import front
from deploys.load import server_from
from deploys.places import edge, firewall
from deploys.places.apps import AppPlaces
from deploys.places.systemd import UNITS
from deploys.proxies.caddy.beside import beside
from deploys.proxies.nginx import tree
from deploys.proxies.traefik import kept as traefik
from deploys.render import render
from deploys.routing import lineages
from deploys.watch import kept as watch
from tests.proxies.nginx.typical import MACHINES

TEMPLATES = Path(__file__).parents[2] / "templates"
PLACES = AppPlaces("shop", 20010)
APP: dict[str, Any] = {
    "source": ".",
    "asgi": "shop.main:app",
    "env": {"LD_PRELOAD": "/home/evil.so", "PYTHONPATH": "/home/evil"},
    "secrets": {"TOKEN": {"file": "token"}, "KEY": {"file": "key", "deliver": "credential"}},
    "processes": {"mail": "systemctl x"},
    "jobs": {"tidy": {"command": "sh -c x", "schedule": "daily"}},
    "hooks": {"before": ["nft x"], "after": ["env x"]},
    "limits": {"memory": "1g", "cpus": 1, "tasks": 10},
}
SITE = {"a.test": {"routes": {"/": {"files": "/srv/www"}}}}
ACME = {"email": "ops@example.com", "certbot": "pypi"}
ALERTS = {"webhook": {"url": "https://hooks.example.com/x"}, "command": "/usr/local/bin/alert"}

_EXECUTED = re.compile(r"^Exec(?P<when>\w+)=(?P<command>.*(?:\\\n.*)*)$", re.MULTILINE)
_USER = re.compile(r"^User=app-shop$", re.MULTILINE)
_ROOTS = (
    "/usr/bin/",
    "/usr/sbin/",
    "/bin/",
    "/usr/local/lib/gatehouse/",
    "/usr/local/sbin/",
    "/opt/gatehouse/",
)
_BEFORE_A_PROGRAM = re.compile(r"(?:^|[;&|(]|\b(?:if|then|do|else|while)\b|\$\$\()\s*([^\s;&|()]+)")
_WORDS_OF_THE_SHELL = {
    *(
        "[",
        "case",
        "do",
        "done",
        "done'",
        "echo",
        "else",
        "esac",
        "fi",
        "fi'",
        "if",
        "read",
        "then",
        "trap",
        "while",
    ),
}


def apps() -> Iterator[tuple[str, str]]:
    for server in ("uvicorn", "hypercorn", "gunicorn", "granian", "fastapi"):
        occupant = Occupant(
            App.model_validate({**APP, "server": server}), PLACES, "a", 1, "/x", backs_off=True
        )
        yield from ((f"{server}: {name}", content) for name, content in occupant.unit_files().items())
    image = {key: value for key, value in APP.items() if key != "asgi"} | {"source": {"image": "shop.tar"}}
    of_image = ImageOccupant(App.model_validate(image), PLACES, "a", 1, "/x", backs_off=True)
    yield from ((f"an image: {name}", content) for name, content in of_image.unit_files().items())


def roots() -> Iterator[tuple[str, str]]:
    for port in PLACES.ports:
        yield from ports.unit_files(PLACES, port).items()
    for name, machine in MACHINES.items():
        yield f"nginx on {name}", tree.service(machine)
    for file in traefik.kept("/opt/gatehouse/traefik-1/traefik"):
        if file.path.startswith(UNITS):
            yield file.path, file.content
    yield "caddy", beside("/opt/gatehouse/caddy-0123456789abcdef/caddy")[0].content
    yield "firewall", render("firewall/firewall@.service.j2", folder=firewall.FOLDER)
    yield "nftables", render("firewall/nftables.service.d.conf.j2", rules=f"{firewall.FOLDER}/shop.nft")
    yield from ((file.path, file.content) for file in front.kept() if file.path.startswith(UNITS))
    yield "edge", render("firewall/edge.service.j2", rules=edge.RULES)
    for choice in ("distribution", "pypi"):
        server = server_from({"acme": {**ACME, "certbot": choice}, "sites": SITE, "alerts": ALERTS})
        program = certbot.program_for(server.acme, [], (4, 0, 0))
        files = kept.kept(server, program, lineages(server), [])
        files += watch.kept(server, [kept.watched(server, program, lineages(server))], follow=True)
        yield from ((file.path, file.content) for file in files if file.path.startswith(UNITS))


def commands(units: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for name, text in units.items():
        for found in _EXECUTED.finditer(text):
            if found["command"]:  # an empty one takes back what was there
                yield name, found["command"], text


OF_APPS, OF_ROOT = dict(apps()), dict(roots())


@pytest.mark.parametrize(("name", "command", "text"), [*commands(OF_APPS)])
def test_what_carries_an_apps_environment_runs_nothing_as_root(name: str, command: str, text: str) -> None:
    assert _USER.search(text), f"{name} has an app's environment, and does not run as its user"
    assert command.startswith("/"), f"{name} runs {command!r}: no prefix may lift it out of the app's user"


@pytest.mark.parametrize(("name", "command", "text"), [*commands(OF_ROOT)])
def test_root_runs_programs_of_its_own_places(name: str, command: str, text: str) -> None:
    assert "app-shop" not in text, f"{name} is root's, and names the app's user"
    assert "EnvironmentFile=" not in text, f"{name} takes an environment from a file"
    plain = command.lstrip("-+")
    assert plain.startswith(_ROOTS), f"{name} runs {command!r}: write an absolute path in a place of root's"
    if plain.startswith("/bin/sh "):
        script = plain.partition("'")[2].replace("\\\n", " ")
        looked_up = {word for word in _BEFORE_A_PROGRAM.findall(script) if not word.startswith("/")}
        named = {word for word in looked_up - _WORDS_OF_THE_SHELL if re.fullmatch(r"[a-z][\w-]*", word)}
        assert not named, f"{name} has the shell look up {named}: write absolute paths"


def test_no_template_is_left_out() -> None:
    """Each that runs something is among what was rendered, by the first words of its description."""
    runs = {
        path.name for path in TEMPLATES.rglob("*") if path.is_file() and _EXECUTED.search(path.read_text())
    }
    assert runs == {
        *(
            "app.service.j2",
            "app-port.service.j2",
            "app-port.socket.j2",
            "service.conf",
            "firewall@.service.j2",
        ),
        *("nftables.service.d.conf.j2", "alert@.service.j2", "watch.service.j2", "certbot.service.j2"),
        *("certbot.service.d.conf.j2", "failures.service.j2", "caddy.service.j2"),
        *("traefik.service.j2", "routing.service.j2", "pages.service.j2", "logs.service.j2"),
        *("front.service.j2", "front.conf.j2", "edge.service.j2"),
    }, "render what is new in this module, too"


def test_programs_start_isolated() -> None:
    first = (TEMPLATES / "base/program.j2").read_text().splitlines()[0]
    assert first == "#!/usr/bin/python3 -IB"


def test_a_build_runs_as_the_app_and_is_held() -> None:
    properties = dict(build.properties(PLACES))
    for name in ("CapabilityBoundingSet", "MemoryMax", "NoNewPrivileges", "ProtectProc", "TasksMax"):
        assert name in properties, f"builds are to have {name}="
