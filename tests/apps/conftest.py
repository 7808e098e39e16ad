"""One server for all tests of apps, each with an app of its own name on it."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.apps.workshop import Workshop
from tests.lab import Lab, Server

MakeWorkshop = Callable[..., Workshop]


@pytest.fixture(scope="session")
def apps_server(lab: Lab) -> Server:
    """The oldest Debian that is supported, since its systemd knows the least."""
    return lab.up("apps", debian="12")


@pytest.fixture(scope="session")
def make_workshop(lab: Lab, apps_server: Server, tmp_path_factory: pytest.TempPathFactory) -> MakeWorkshop:
    def make(name: str, **settings: Any) -> Workshop:
        port = 10000 + 2 * (zlib.crc32(name.encode()) % 4000)
        return Workshop(lab, apps_server, Path(tmp_path_factory.mktemp(name)), name, port, settings)

    return make


@pytest.fixture(scope="session")
def shop(make_workshop: MakeWorkshop) -> Workshop:
    """An app that is released and serves."""
    shop = make_workshop("shop")
    shop.deploy().check()
    return shop
