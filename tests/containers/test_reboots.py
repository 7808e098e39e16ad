"""A server that loses its power in the middle of a release of an image: the same claims as of every app."""

from dataclasses import dataclass

import pytest

from tests.apps import test_reboots as claims
from tests.containers import image
from tests.containers.workshop import APP, SERVE
from tests.house import House
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

WAITING = """
import time
while os.path.exists("/var/lib/app-shop/wait-" + WORDS):
    time.sleep(0.1)
quick = Answers.do_GET

def do_GET(self):
    while self.path == "/slow" and os.path.exists("/var/lib/app-shop/wait"):
        time.sleep(0.1)
    quick(self)

Answers.do_GET = do_GET
"""


@dataclass(frozen=True)
class ImageShop(claims.Shop):
    """A site whose app is an image, made anew for other words."""

    def says(self, words: str) -> None:
        source = APP.replace('"first"', repr(words)) + WAITING + SERVE
        image.archive(self.folder / "shop.tar", {"main.py": source})


@pytest.fixture(scope="module", params=["12", "13"], ids=lambda release: f"debian-{release}")
def shop(request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> ImageShop:
    folder = tmp_path_factory.mktemp("shop")
    server = lab.up(f"image-reboots-{request.param}", debian=request.param, furnished=True)
    app = {
        "source": {"image": str(folder / "shop.tar")},
        "health": {"path": "/", "timeout": 120, "settle": 0},
    }
    house = House.on(
        lab,
        server,
        apps={"shop": app},
        sites={f"www.{server.name}.test": {"routes": {"/": {"app": "shop"}}}},
    )
    shop = ImageShop(house, folder)
    for words in ("former", "present"):
        shop.says(words)
        house.deploy().check()
    return shop


@pytest.mark.parametrize(
    "name", ["during a migration", "while the release starts", "while the former release drains"]
)
def test_a_deploy(shop: ImageShop, name: str) -> None:
    claims.test_a_deploy(shop, name, claims.power_cut)


def test_a_rollback(shop: ImageShop) -> None:
    claims.test_a_rollback(shop, claims.power_cut)
