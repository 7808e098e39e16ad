import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab import Lab
from tests.lab.layout import CHECKOUT, STATE_VARIABLE

Cli = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A lab of the module's own, beside the developer's."""
    scratch = Lab(tmp_path_factory.mktemp("lab") / "state")
    try:
        yield scratch
    finally:
        scratch.down()


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Lab]:
    """A lab of the test's own, not up yet."""
    scratch = Lab(tmp_path / "state")
    try:
        yield scratch
    finally:
        scratch.down()


def cli(lab: Lab, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line, as a person runs it; what it leaves running may not hold its output open."""
    return subprocess.run(
        [sys.executable, "-m", "tests.lab", *arguments],
        cwd=CHECKOUT,
        env=environment(lab),
        capture_output=True,
        text=True,
        check=False,
    )


def environment(lab: Lab) -> dict[str, str]:
    return {**os.environ, STATE_VARIABLE: str(lab.layout.state)}
