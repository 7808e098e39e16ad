"""Whatever moment a run is cut off at, Traefik serves the one or the other, and the next run heals."""

from collections.abc import Iterator

import pytest

from deploys.places.systemd import unit_file
from deploys.proxies.traefik.onhost import live, where
from tests.proxies.power import Place, cut_off_everywhere
from tests.proxies.stage import Stage
from tests.proxies.traefik.acting import argument, with_unit

pytestmark = [pytest.mark.lab, pytest.mark.slow]

UNITS = " ".join(where.UNITS)
TO_BARE = f"""
systemctl disable -q --now {UNITS}
rm -rf {where.LIVE} {where.TREES} {where.RUN} {" ".join(map(unit_file, where.UNITS))}
systemctl daemon-reload
"""
PLACE = Place(where.UNIT, str(where.LIVE), str(where.TREES), TO_BARE)


@pytest.fixture
def cut(stage: Stage) -> Iterator[Stage]:
    """The server, which has its first configuration again afterwards."""
    yield stage
    stage.deploy().check()


def cut_off(stage: Stage, first: int, step: int, start: str) -> int:
    whole = argument(stage, {})
    arguments = (whole, with_unit(whole, "LimitNOFILE=65536", "LimitNOFILE=32768"))
    return cut_off_everywhere(stage, PLACE, live, arguments, first=first, step=step, start=start)


@pytest.mark.parametrize("start", ["provisioned", "bare"])
def test_a_run_is_cut_off_here_and_there(cut: Stage, start: str) -> None:
    assert cut_off(cut, 3, 7, start) > 20


@pytest.mark.newest
@pytest.mark.parametrize("start", ["provisioned", "bare"])
def test_a_run_is_cut_off_after_every_step(cut: Stage, start: str) -> None:
    assert cut_off(cut, 1, 1, start) > 20
