"""One server for all tests of apps that are images, each with an app of its own name on it."""

from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.containers.workshop import ImageWorkshop
from tests.lab import Lab, Server


@pytest.fixture(scope="session")
def apps_server(request: pytest.FixtureRequest, lab: Lab) -> Server:
    """The Debian whose podman has most of what there is; one of its own for each that a test asks for."""
    asked = getattr(request, "param", None)
    return lab.up(f"walls-{asked}" if asked else "containers-13", debian=asked or "13")


@pytest.fixture(scope="session")
def make_workshop(lab: Lab, apps_server: Server, tmp_path_factory: pytest.TempPathFactory) -> MakeWorkshop:
    def make(name: str, **settings: Any) -> Workshop:
        return ImageWorkshop.of(lab, apps_server, tmp_path_factory.mktemp(name), name, settings)

    return make


@pytest.fixture(scope="session")
def shop(make_workshop: MakeWorkshop) -> Workshop:
    """An app that is released and serves."""
    shop = make_workshop("shop")
    shop.deploy().check()
    return shop
