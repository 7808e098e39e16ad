"""One play on each release of Debian, before all looks at what has come of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.strangers.play import Play
from tests.strangers.source import Source
from tests.strangers.stage import prepared
from tests.strangers.view import View


@pytest.fixture(
    scope="session", params=["13", pytest.param("12", marks=pytest.mark.slow)], ids=lambda debian: debian
)
def play(
    request: pytest.FixtureRequest, lab: Lab, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Play]:
    debian = request.param
    folder = Path(tmp_path_factory.mktemp(f"strangers-{debian}"))
    canaries = folder / "canaries"
    canaries.mkdir()
    with prepared(lab, debian, folder) as stage:
        play = Play(View(stage, Source(stage.source, canaries)))
        play.play()
        yield play
