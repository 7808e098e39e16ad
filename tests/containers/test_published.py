"""What of an image the proxy answers: the files that a route names, and nothing where links of it lead."""

from pathlib import Path

import pytest

from tests.containers import image
from tests.containers.workshop import APP, SERVE
from tests.house import House
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

LINKS = {
    "passwd": "/etc/passwd",
    "etc": "/etc",
    "log": "/var/log/nginx/access.log",
    "up": "..",
    "far": "../../../../../../..",
    "other": "/srv/shop/current/code/etc",
    "secret": "/etc/gatehouse/secrets/shop/a/KEY",
}
PLANT = f"""
media = "/app/media"
for name, to in {LINKS!r}.items():
    if not os.path.lexists(f"{{media}}/{{name}}"):
        os.symlink(to, f"{{media}}/{{name}}")
if not os.path.exists(f"{{media}}/pipe"):
    os.mkfifo(f"{{media}}/pipe")
with open(f"{{media}}/honest.txt", "w") as file:
    file.write("honest")
"""

SOURCE = APP + PLANT + SERVE


def write(place: Path, words: str) -> None:
    image.archive(
        place,
        {"main.py": SOURCE, "static/own.css": words, "media/song.txt": "song"},
        links={f"static/{name}": to for name, to in LINKS.items()} | {"static/same": "own.css"},
    )


@pytest.fixture(scope="module", params=["12", "13"], ids=lambda release: f"debian-{release}")
def hostile(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> House:
    """An image that plants links at its build, and as it runs."""
    place = tmp_path_factory.mktemp("shop") / "shop.tar"
    write(place, "first")
    key = place.with_name("key")
    key.write_text("hunter2")
    server = lab.up(f"image-files-{request.param}", debian=request.param, furnished=True)
    routes = {
        "/": {"app": "shop"},
        "/static/": {"files": "app/static", "release_of": "shop"},
        "/media/": {"files": "app/media", "release_of": "shop"},
    }
    app = {
        "source": {"image": str(place)},
        "persistent": ["app/media/"],
        "secrets": {"KEY": {"file": str(key)}},
        "health": {"timeout": 60, "settle": 0},
        "drain": 2,
    }
    sites = {f"www.{server.name}.test": {"routes": routes}}
    house = House.on(lab, server, apps={"shop": app}, sites=sites)
    house.deploy().check()
    assert house.deploy().check().changed == []
    return house


@pytest.mark.parametrize("below", ["/static", "/media"])
@pytest.mark.parametrize(
    "path",
    [
        *("passwd", "etc/passwd", "etc/", "log", "up/main.py", "up/media/song.txt", "far/etc/passwd"),
        *("other/passwd", "secret"),
    ],
)
def test_what_links_lead_to_is_not_answered(hostile: House, below: str, path: str) -> None:
    answer = hostile.outside.get(f"{below}/{path}")
    # Its own code an image could have put there as well.
    is_its_own = (below, path) == ("/static", "up/main.py") and answer.text.strip() == SOURCE.strip()
    assert answer.status_code in {403, 404} or is_its_own, f"{path} gave {answer.text[:200]}"


def test_a_pipe_is_not_answered(hostile: House) -> None:
    assert hostile.outside.get("/media/pipe").status_code in {403, 404}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        *(("/static/own.css", "first"), ("/static/same", "first")),
        *(("/media/song.txt", "song"), ("/media/honest.txt", "honest")),
    ],
)
def test_what_is_its_own_is_answered(hostile: House, path: str, text: str) -> None:
    answer = hostile.outside.get(path)
    assert (answer.status_code, answer.text) == (200, text)


def test_files_follow_releases_there_and_back(hostile: House) -> None:
    write(Path(hostile.settings["apps"]["shop"]["source"]["image"]), "other")
    hostile.deploy().check()
    assert hostile.outside.get("/static/own.css").text == "other"
    assert hostile.outside.get("/media/honest.txt").text == "honest"
    hostile.deploy("--data", "app=shop", deploy="deploys/rollback.py").check()
    assert hostile.outside.get("/static/own.css").text == "first"
