"""A server with one app, and a user's clone from which it was set up."""

from pathlib import Path

import pytest

from tests.command.clone import Clone
from tests.documented import ROOT
from tests.house import House
from tests.lab import Lab
from tests.site.inventory import hosts

BACKUP = "backups/prod.backup"
OWN_DEPLOY = "docs/operations.md"
"""The page with a deploy of the user's own, which one of the commands runs."""


@pytest.fixture(scope="session")
def shop(lab: Lab) -> House:
    shop = {"source": str(ROOT / "tests/demo"), "asgi": "demo.main:app", "health": {"path": "/health"}}
    server = lab.up("documented", debian="13", furnished=True)
    sites = {f"www.{server.name}.test": {"routes": {"/": {"app": "shop"}}}}
    return House.on(lab, server, apps={"shop": shop}, sites=sites, backup={"file": BACKUP})


@pytest.fixture(scope="session")
def whole_clone(shop: House, tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return set_up(shop, tmp_path_factory.mktemp("clone"))


@pytest.fixture
def clone(whole_clone: Clone) -> Clone:
    """The clone by which the server has what its settings say; each test may name the server anew."""
    (whole_clone.root / BACKUP).unlink(missing_ok=True)  # which is of a server by its name
    return whole_clone


def set_up(shop: House, folder: Path) -> Clone:
    clone = Clone.at(folder)
    settings = "".join(f"{key} = {value!r}\n" for key, value in shop.settings.items())
    page = (ROOT / OWN_DEPLOY).read_text()
    blocks = [part.partition("```")[0] for part in page.split("```python\n")[1:]]
    own = next(block for block in blocks if "apt.packages" in block)
    inventory = hosts(shop, "web1.example.com")
    clone.write(
        {"group_data/prod.py": settings, "deploys/packages.py": own, "inventories/prod.py": inventory}
    )
    ended = clone.run("site", "prod", "--yes")
    assert ended.code == 0, "\n".join(ended.lines)
    return clone
