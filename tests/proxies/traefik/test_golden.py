"""Typical configurations, line by line; to take changes over: python -m tests.proxies.traefik.test_golden."""

from pathlib import Path

import pytest

from deploys.load import server_from
from deploys.proxies.lacks import lacking
from deploys.proxies.traefik.configuration import files
from deploys.proxies.traefik.lacks import LACKS
from deploys.proxies.traefik.refusals import refusals
from deploys.routing import routing
from tests.proxies.nginx.trees import Texts
from tests.proxies.traefik.typical import TYPICAL

GOLDEN = Path(__file__).with_name("golden")


def whole(name: str) -> str:
    found = files(routing(server_from(TYPICAL[name])), Texts())
    return "".join(f"# ==> {path} <==\n{found[path]}\n" for path in sorted(found) if path.endswith(".json"))


@pytest.mark.parametrize("name", TYPICAL)
def test_the_configuration_is_as_it_was_reviewed(name: str) -> None:
    assert whole(name) == (GOLDEN / f"{name}.txt").read_text()


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(TYPICAL)


@pytest.mark.parametrize("name", TYPICAL)
def test_they_are_settings_that_are_taken(name: str) -> None:
    server = server_from(TYPICAL[name])
    assert [*lacking(server, LACKS), *refusals(server)] == []


if __name__ == "__main__":
    for name in TYPICAL:
        (GOLDEN / f"{name}.txt").write_text(whole(name))
