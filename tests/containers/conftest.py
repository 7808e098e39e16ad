"""One server for all tests of apps that are images, each with an app of its own name on it."""

from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.containers.workshop import ImageWorkshop
from tests.lab import Lab, Server


@pytest.fixture(scope="session", params=["containers-13", "containers-12"])
def apps_server(request: pytest.FixtureRequest, lab: Lab) -> Server:
    """The Debian whose podman has most of what there is, then the one whose has least; all of it is slow.

    Who asks for a server of its own, says its name.
    """
    return lab.up(request.param, debian=request.param.rpartition("-")[2])


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
