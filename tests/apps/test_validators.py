"""Who asks whether a file has changed is told so after a release, by nginx and by the app."""

from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.house import House
from tests.lab import Lab
from tests.provision import pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

MAIN = """
from pathlib import Path
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

here = Path(__file__).parent
app = Starlette(routes=[Mount("/own", StaticFiles(directory=here / "static"))])
"""
CHANGES, STAYS = "index.html", "kept.css"
PLACES = ("/static", "/own")


@dataclass(frozen=True)
class Twins:
    """Two servers with the same app, and its source."""

    houses: tuple[House, House]
    folder: Path

    def deploy(self, words: str) -> None:
        """Release the app with other words of the same length in one of its files."""
        (self.folder / "static" / CHANGES).write_text(words)
        pyinfra({house.server.name: house.host_data for house in self.houses}).check()

    def answers(self, validators: dict[str, dict[str, str]] | None = None) -> dict[str, list[httpx.Response]]:
        """Ask both servers for each file, as who already has it."""
        return {
            f"{place}/{name}": [
                house.outside.get(f"{place}/{name}", headers=(validators or {}).get(f"{place}/{name}", {}))
                for house in self.houses
            ]
            for place in PLACES
            for name in (CHANGES, STAYS)
        }


@pytest.fixture(scope="module")
def twins(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Twins:
    folder = tmp_path_factory.mktemp("twins")
    (folder / "static").mkdir()
    (folder / "main.py").write_text(MAIN)
    (folder / "requirements.txt").write_text("starlette==0.49.1\n")
    (folder / "static" / STAYS).write_text("kept")
    app = {"source": str(folder), "asgi": "main:app", "health": {"path": f"/own/{STAYS}"}, "drain": 1}
    routes = {"/": {"app": "twin"}, "/static/": {"files": "static", "release_of": "twin"}}

    def house(name: str, debian: str) -> House:
        server = lab.up(name, debian=debian, furnished=True)
        return House.on(lab, server, apps={"twin": app}, sites={f"www.{name}.test": {"routes": routes}})

    return Twins((house("twin-one", "12"), house("twin-two", "13")), folder)


def test_a_change_of_the_same_length_is_seen_and_what_stays_is_not_sent_again(twins: Twins) -> None:
    twins.deploy("<p>one</p>")
    first = twins.answers()
    known = {
        path: {
            "If-None-Match": one.headers["ETag"],
            "If-Modified-Since": one.headers["Last-Modified"],
        }
        for path, (one, _) in first.items()
    }
    for one, other in first.values():
        assert (one.status_code, other.status_code) == (200, 200)
        for validator in ("ETag", "Last-Modified"):
            assert one.headers[validator] == other.headers[validator], "both servers name it alike"
    assert {answer.status_code for both in twins.answers(known).values() for answer in both} == {304}

    twins.deploy("<p>two</p>")
    for path, both in twins.answers(known).items():
        for answer in both:
            if path.endswith(CHANGES):
                assert (answer.status_code, answer.text) == (200, "<p>two</p>"), path
            else:
                assert answer.status_code == 304, path

    twins.deploy("<p>one</p>")
    assert {answer.status_code for both in twins.answers(known).values() for answer in both} == {304}
