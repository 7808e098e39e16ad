"""The clone in which commands are tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command.clone import Clone
from tests.command.wrong import PROD, SETTINGS


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Clone.at(tmp_path_factory.mktemp("clone")).root


@pytest.fixture
def clone(template: Path) -> Iterator[Clone]:
    """The clone, with what a test writes there gone afterwards."""
    before = {path: path.read_bytes() for path in _files(template)}
    made = Clone(template)
    made.write(PROD | SETTINGS)
    yield made
    for path in _files(template):
        if path not in before:
            path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and ".venv" not in path.parts]
