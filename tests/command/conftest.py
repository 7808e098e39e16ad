"""The clone in which commands are tried."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command.clone import Clone
from tests.command.wrong import PROD, SETTINGS
from tests.ready import Ready


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Clone.at(tmp_path_factory.mktemp("clone")).root


@pytest.fixture(scope="session")
def ready(template: Path) -> Iterator[Ready]:
    imported = ("pyinfra_cli", "deploys.command.main", "deploys.command.run")
    process = Ready(template / ".venv/bin/python", template / "gatehouse", template, imported)
    yield process
    process.end()


@pytest.fixture
def clone(template: Path) -> Iterator[Clone]:
    """The clone, with what a test writes there gone afterwards; each command is a process of its own."""
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in _files(template)}
    made = Clone(template)
    made.write(PROD | SETTINGS)
    yield made
    for path in _files(template):
        if path not in before:
            path.unlink()
    for path, (changed, content) in before.items():
        # What stays as it was need not be compiled again.
        if path.stat().st_mtime_ns != changed:
            path.write_bytes(content)


@pytest.fixture
def ready_clone(clone: Clone, ready: Ready) -> Clone:
    """The same, for tables of commands."""
    return Clone(clone.root, ready)


def _files(root: Path) -> list[Path]:
    return [
        path for path in root.rglob("*") if path.is_file() and not {".venv", "__pycache__"} & {*path.parts}
    ]
