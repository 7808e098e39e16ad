"""A run is quick by what it need not do again, and does all else as it would without that."""

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pyinfra.api import arguments, connectors, facts, util

from deploys import pace
from tests.provision import PYINFRA, ROOT


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo all of it after the test."""
    for module, name in (
        *((util, "stack"), (util, "getframeinfo"), (connectors, "entry_points")),
        *((arguments, "all_global_arguments"), (facts, "all_global_arguments")),
    ):
        monkeypatch.setattr(module, name, getattr(module, name))
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def called() -> list[int]:
    order: Any = util.get_operation_order_from_stack
    state = SimpleNamespace(current_deploy_filename=__file__, current_op_file_number=0)
    return [*order(state)]


@pytest.mark.usefixtures("kept")
def test_operations_have_the_order_that_they_are_called_in() -> None:
    lines = []
    for is_kept in (False, True):
        if is_kept:
            pace.keep()
        lines.append(called())
    assert lines[0] == lines[1]
    assert len(lines[0]) == 2, lines


@pytest.mark.usefixtures("kept")
def test_all_connectors_are_there() -> None:
    before = connectors.get_all_connectors()
    pace.keep()
    assert connectors.get_all_connectors() == connectors.get_all_connectors() == before


@pytest.mark.parametrize(("unwanted", "stays"), [(None, True), ("1", False)])
def test_what_is_imported_stays_compiled_unless_the_user_wants_none(
    tmp_path: Path, unwanted: str | None, stays: bool
) -> None:
    shutil.copy(ROOT / "config.py", tmp_path)
    shutil.copytree(ROOT / "deploys", tmp_path / "deploys", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "one.py").write_text("from deploys import once\n\nprint(once)\n")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONDONTWRITEBYTECODE": unwanted} if unwanted else {}
    command = [str(PYINFRA), "-y", "@local", "one.py"]
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    compiled = {path.name.partition(".")[0] for path in (tmp_path / "deploys").glob("__pycache__/*.pyc")}
    assert ("once" in compiled, "sudo" in compiled) == (stays, stays)
