"""Whatever a program on the host names as a place of ours is on the list by which gatehouse is taken off."""

import re
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

import pytest

from deploys.places import apps, base, certificates, edge, firewall, sites, watch
from deploys.proxies.caddy.onhost import places as of_caddy
from deploys.proxies.table import PROXIES
from deploys.proxies.traefik.onhost import where as of_traefik
from tests.documented import ROOT

OWNED = (
    *(apps.OWNED, base.OWNED, certificates.OWNED, edge.OWNED, firewall.OWNED, sites.OWNED, watch.OWNED),
    *(proxy.owned for proxy in PROXIES.values()),
)
NAMED = re.compile(r'f?"(/(?:etc|opt|run|var/lib)/gatehouse[^"]*)"')
FORMER = ROOT / "deploys/firewall/onhost/former.py"
"""It removes what a former gatehouse had."""


def named() -> list[tuple[str, str]]:
    modules: list[Path] = [path for path in (ROOT / "deploys").rglob("onhost/*.py") if path != FORMER]
    return [
        (str(module.relative_to(ROOT)), place)
        for module in modules
        for place in NAMED.findall(module.read_text())
    ]


@pytest.mark.parametrize(("module", "place"), named())
def test_a_place_that_a_program_on_the_host_names_has_an_owner(module: str, place: str) -> None:
    above = [str(one) for one in (PurePosixPath(place), *PurePosixPath(place).parents)]
    assert any(fnmatchcase(one, pattern) for owned in OWNED for one in above for pattern in owned.paths), (
        f"{module} names {place}, which no part of the house lists as its own"
    )


def test_places_are_found() -> None:
    assert watch.CURSOR in {place for _, place in named()}


@pytest.mark.parametrize("log", [of_caddy.LOGS / "access.log", Path(of_traefik.LOGS) / "access.log.1"])
def test_what_clients_asked_for_outlives_the_proxy(log: Path) -> None:
    """As nginx's own logs do: who looks into an attack may need them after a change of proxy."""
    taken = {
        pattern
        for owned in OWNED
        for one in (log, *log.parents)
        for pattern in (*owned.paths, *owned.folders)
        if fnmatchcase(str(one), pattern)
    }
    assert taken == set(), f"{log} goes with {taken}"
