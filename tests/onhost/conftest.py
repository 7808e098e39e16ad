from pathlib import Path

import pytest

from tests.onhost.planted import KEPT


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """A file elsewhere, which is to stay as it is."""
    safe = tmp_path / "safe"
    safe.write_text(KEPT)
    safe.chmod(0o600)
    return safe


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A directory in which anybody may write, like one that belongs to an app's user."""
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    return shared
