"""A proxy that answers from folders of a hostile app: it gives what the app has, and nothing of others."""

from pathlib import Path

import pytest

from tests.house import House
from tests.lab import Lab
from tests.proxies.stage import chosen_proxy

pytestmark = pytest.mark.lab

APP = """
import os

async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    for path, to in {
        "passwd": "/etc/passwd",
        "etc": "/etc",
        "log": "/var/log/nginx/access.log",
        "source": "/srv/neighbour/current/code/shop/main.py",
        "own": "honest.txt",
    }.items():
        if not os.path.lexists(f"/srv/gallery/{path}"):
            os.symlink(to, f"/srv/gallery/{path}")
    if not os.path.exists("/srv/gallery/pipe"):
        os.mkfifo("/srv/gallery/pipe")
    with open("/srv/gallery/honest.txt", "w") as file:
        file.write("honest")
    os.chmod("/srv/gallery/honest.txt", 0o644)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"well"})
"""

HONEST = APP.replace(APP[APP.index("    for path, to") : APP.index('    await send({"type": "http')], "")

PROJECT = """
[project]
name = "shop"
version = "1"
[build-system]
requires = []
build-backend = "plant"
backend-path = ["."]
"""

BACKEND = """
import os, zipfile

def plant():
    for path, to in {
        "passwd": "/etc/passwd",
        "etc": "/etc",
        "log": "/var/log/nginx/access.log",
        "up": "..",
        "far": "../../../../neighbour",
    }.items():
        os.symlink(to, "static/" + path)

def build_wheel(directory, config_settings=None, metadata_directory=None):
    plant()
    with zipfile.ZipFile(os.path.join(directory, "shop-1-py3-none-any.whl"), "w") as wheel:
        info = "shop-1.dist-info/"
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: shop\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "")
    return "shop-1-py3-none-any.whl"

build_editable = build_wheel
"""


LOGS = {"nginx": "/var/log/nginx/access.log", "caddy": "/var/log/gatehouse-caddy/access.log"}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


NGINX = [("nginx", "13"), pytest.param(("nginx", "12"), marks=pytest.mark.slow)]
# Caddy takes files of releases alone; the same program is on both Debians.
PLACES = [*NGINX, pytest.param(("caddy", "12"), marks=pytest.mark.slow)]
by_nginx = pytest.mark.parametrize("hostile", NGINX, ids="-".join, indirect=True, scope="module")
"""About a folder in which an app writes, or what only an nginx was ever given."""


@pytest.fixture(scope="module", params=PLACES, ids="-".join)
def hostile(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> House:
    """Two apps, one of which plants links and pipes wherever it can."""
    proxy, debian = request.param
    source, neighbour = tmp_path_factory.mktemp("shop"), tmp_path_factory.mktemp("neighbour")
    write(neighbour, {"shop/main.py": HONEST})
    write(
        source,
        {
            "shop/main.py": APP,
            "plant.py": BACKEND.replace(LOGS["nginx"], LOGS[proxy]),
            "pyproject.toml": PROJECT,
            "static/own.css": "own",
            "static/app-3f2a1b9c.js": "first",
            "media/song.txt": "song",
        },
    )
    server = lab.up(f"hostile-{proxy}-{debian}", debian=debian, furnished=True, nginx=proxy == "nginx")
    of_the_app = {"/gallery/": {"files": "/srv/gallery"}} if proxy == "nginx" else {}
    health = {"timeout": 10, "settle": 0}
    house = House.on(
        lab,
        server,
        **chosen_proxy(lab, proxy),
        apps={
            "shop": {
                "source": str(source),
                "asgi": "shop.main:app",
                "health": health,
                "drain": 2,
                "sandbox": {"writable": ["/srv/gallery"]},
            },
            "neighbour": {"source": str(neighbour), "asgi": "shop.main:app", "health": health}
            | {"drain": 2, "port": 20200},
        },
        sites={
            f"www.{server.name}.test": {
                "routes": {
                    "/": {"app": "shop"},
                    "/neighbour/": {"app": "neighbour"},
                    "/static/": {"files": "static", "release_of": "shop"},
                    **of_the_app,
                }
            }
        },
    )
    server.run("install -d -m 1777 /srv/gallery && echo theirs > /srv/gallery/operators.txt")
    house.deploy().check()
    assert house.deploy().check().changed == []
    assert house.outside.get("/").text == "well"
    return house


def answered(house: House, path: str) -> tuple[int, str]:
    answer = house.outside.get(path)
    return answer.status_code, answer.text if answer.status_code == 200 else ""


@pytest.mark.parametrize(
    "path",
    ["passwd", "etc/passwd", "etc/", "log", "up/shop/main.py", "far/current/code/shop/main.py"],
)
def test_what_a_build_planted_is_not_answered(hostile: House, path: str) -> None:
    status, text = answered(hostile, f"/static/{path}")
    # What a link gives away is the build's own code, which the build could have put there itself.
    assert status in {403, 404} or (path.startswith("up/") and "scope" in text), f"{path} gave {text[:200]}"


@by_nginx
@pytest.mark.parametrize("path", ["passwd", "etc/passwd", "log", "source", "pipe"])
def test_what_an_app_planted_is_not_answered(hostile: House, path: str) -> None:
    assert answered(hostile, f"/gallery/{path}")[0] in {403, 404}


def test_what_is_the_releases_own_is_answered(hostile: House) -> None:
    assert answered(hostile, "/static/own.css") == (200, "own")


@by_nginx
@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/gallery/honest.txt", "honest"),
        ("/gallery/own", "honest"),
        ("/gallery/operators.txt", "theirs\n"),
    ],
)
def test_what_is_the_apps_own_is_answered(hostile: House, path: str, text: str) -> None:
    assert answered(hostile, path) == (200, text)


CLOSED = "/srv/*/releases/* /srv/*/releases/*/* /srv/*/current/code/shop/main.py /var/lib/app-*/"


def test_the_proxy_may_read_nothing_else_of_an_app(hostile: House) -> None:
    look = "runuser -u www-data -- test -r $path && echo $path"
    looked = hostile.server.run(f"for path in {CLOSED}; do {look}; done", check=False)
    assert looked.stdout == ""
    assert "app-" not in hostile.server.run("id www-data").stdout


@by_nginx
def test_a_server_from_before_loses_the_groups(hostile: House) -> None:
    hostile.server.run("gpasswd --add www-data app-shop && systemctl restart nginx")
    hostile.deploy().check()
    group = hostile.server.run("getent group app-shop").stdout.split(":")
    assert group[3].strip() == ""
    processes = hostile.server.run(
        "grep -h ^Groups: $(pgrep -u www-data nginx | sed 's|.*|/proc/&/status|')"
    ).stdout
    assert group[2] not in processes.split()
    assert hostile.deploy().check().changed == []
    assert answered(hostile, "/static/own.css") == (200, "own")


def test_a_route_that_comes_later_is_published_without_a_release(hostile: House) -> None:
    ((name, site),) = hostile.settings["sites"].items()
    routes = {**site["routes"], "/media/": {"files": "media", "release_of": "shop"}}
    before = hostile.server.run("readlink /srv/shop/current").stdout
    hostile.deploy(sites={name: {"routes": routes}}).check()
    assert answered(hostile, "/media/song.txt") == (200, "song")
    assert hostile.server.run("readlink /srv/shop/current").stdout == before
    assert hostile.deploy(sites={name: {"routes": routes}}).check().changed == []


def test_files_follow_releases_there_and_back(hostile: House) -> None:
    source = Path(hostile.settings["apps"]["shop"]["source"])
    (source / "static/app-3f2a1b9c.js").unlink()
    write(source, {"static/app-77aa01bc.js": "second", "static/own.css": "new"})
    hostile.deploy().check()
    assert answered(hostile, "/static/own.css") == (200, "new")
    assert answered(hostile, "/static/app-77aa01bc.js") == (200, "second")
    assert answered(hostile, "/static/app-3f2a1b9c.js") == (200, "first")
    assert hostile.deploy().check().changed == []
    hostile.deploy("--data", "app=shop", deploy="deploys/rollback.py").check()
    assert answered(hostile, "/static/own.css") == (200, "own")
    assert answered(hostile, "/static/app-77aa01bc.js") == (200, "second")
