"""What is to be run next is told in the words of whichever command runs now."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys import invocation

ROOT = Path(__file__).parent.parent
DEPLOY = re.compile(r"deploys/\w+\.py")
OF_PYINFRA_ALONE = {"deploys/invocation.py": {invocation.BY_PYINFRA}}
"""What is only told to whoever has run pyinfra by itself."""


@pytest.mark.parametrize(
    "path", sorted((ROOT / "deploys").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT / "deploys"))
)
def test_no_deploy_is_told_of_by_its_file(path: Path) -> None:
    known = OF_PYINFRA_ALONE.get(str(path.relative_to(ROOT)), set())
    told = [text for text in _told(ast.parse(path.read_text())) if DEPLOY.search(text) and text not in known]
    assert told == [], f"expected {path} to tell it by invocation.line()"


def _told(tree: ast.Module) -> Iterator[str]:
    """Give each text but those that only whoever reads the code sees."""
    beside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in beside:
            yield node.value


@pytest.mark.parametrize(
    ("inventory", "line", "option"),
    [
        (None, "deploys/rollback.py --data app=shop", "--data to=7"),
        ("prod", "./gatehouse rollback prod --app shop", "--to 7"),
    ],
)
def test_a_line(monkeypatch: pytest.MonkeyPatch, inventory: str | None, line: str, option: str) -> None:
    monkeypatch.setattr(invocation, "_inventory", inventory)
    assert invocation.line("rollback", app="shop") == line
    assert invocation.option("to", "7") == option
