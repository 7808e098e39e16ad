"""Servers of the lab that tests share, booted once in a session."""

import gc
import os
import re
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.debians import left_out
from tests.house import House, sites
from tests.lab import Lab, Server
from tests.lab.errors import LabError
from tests.sharing import groups

# As users run it: else each of the tests' own runs would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Tests are many objects that stay to the end, and would be looked through again and again.
gc.set_threshold(50_000)

# How long an example takes tells of the machine that the tests run on, not of what they look at.
settings.register_profile("tests", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")

_MARKS = re.compile(r"^pytestmark = (?:\[[^]]*]|.*)", re.MULTILINE)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave files unread of which each test needs a server, where none of those is to run."""
    if config.option.markexpr != "not lab" or collection_path.suffix != ".py":
        return None
    marks = _MARKS.search(collection_path.read_text(encoding="utf-8"))
    return True if marks and "pytest.mark.lab" in marks[0] else None


@pytest.hookimpl(wrapper=True)  # so as to come before xdist's own hook, which looks at the groups
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Leave out what is for the newest Debian alone, and keep tests that share servers in one worker."""
    gone = {*left_out(items)}
    config.hook.pytest_deselected(items=[*gone])
    items[:] = [item for item in items if item not in gone]
    for item, group in groups(items):
        item.add_marker(pytest.mark.xdist_group(group))
    yield


def pytest_collection_finish() -> None:
    """Have what was collected, and stays to the end, looked through no more."""
    gc.freeze()


class SessionLab(Lab):
    """The checkout's lab, which takes down at the end what a session booted."""

    def __init__(self) -> None:
        super().__init__()
        self.booted: list[str] = []
        self.claims: list[str] = []

    def up(
        self,
        name: str,
        *,
        debian: str | None = None,
        image: str | None = None,
        furnished: bool = False,
        nginx: bool = True,
        limits: bool = False,
        room: str = "",
    ) -> Server:
        """Boot a server, and remember it if it is new.

        Raises:
            LabError: tests of another worker have one of that name.

        """
        self._claim(name)
        if name not in {server.name for server in self.servers()}:
            self.booted.append(name)
        return super().up(
            name, debian=debian, image=image, furnished=furnished, nginx=nginx, limits=limits, room=room
        )

    def claim(self, name: str) -> Path:
        """Give the file that says which worker of the session has a server of that name."""
        return self.layout.state / "claims" / f"{os.environ.get('PYTEST_XDIST_TESTRUNUID', '')}-{name}"

    def _claim(self, name: str) -> None:
        claim, worker = self.claim(name), os.environ.get("PYTEST_XDIST_WORKER", "")
        claim.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), claim.open("x") as file:
            file.write(worker)
        if claim.read_text() != worker:
            msg = f"{name}: {claim.read_text()} has a server of this name for its tests: choose another"
            raise LabError(msg)
        self.claims.append(name)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The checkout's lab; what a session boots there goes with the session."""
    ours = SessionLab()
    yield ours
    for name in ours.booted:
        if name in {server.name for server in ours.servers()}:
            ours.down(name)
    for name in ours.claims:
        ours.claim(name).unlink(missing_ok=True)


@pytest.fixture(
    scope="session",
    params=["13", pytest.param("12", marks=pytest.mark.slow)],
    ids=lambda release: f"debian-{release}",
)
def house(request: pytest.FixtureRequest, lab: Lab) -> House:
    """A provisioned server; a test leaves it as it was."""
    found = House.on(lab, lab.up(f"shared-{request.param}", debian=request.param, furnished=True))
    found.deploy().check()
    return found


@pytest.fixture(scope="session")
def bare_house(lab: Lab) -> House:
    """A server that serves files on one site, with a certificate from the CA."""
    found = House.on(
        lab, lab.up("files", debian="13", furnished=True), apps={}, sites=sites("www.files.test")
    )
    found.deploy().check()
    return found
