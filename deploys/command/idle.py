"""Whether a file that pyinfra is to execute as a deploy does anything at all."""

import ast
import sys
from pathlib import Path

_DEFINES = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ASSIGNS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_OURS = "deploys"


def is_idle(path: Path) -> bool:
    """Say whether a file only imports and defines; one that cannot be read or parsed is left to pyinfra."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    brought = {name for node in ast.walk(tree) for name in _brought(node)}
    return all(_only_defines(statement, brought) for statement in tree.body)


def _only_defines(statement: ast.stmt, brought: set[str]) -> bool:
    if isinstance(statement, _ASSIGNS):
        # An operation gives what it will have done: `installed = apt.packages(...)`.
        calls = (node.func for node in ast.walk(statement) if isinstance(node, ast.Call))
        return not any(_first_name(called) in brought for called in calls)
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) in {"TYPE_CHECKING", "__name__ == '__main__'"}
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return is_text or isinstance(statement, _DEFINES)


def _brought(node: ast.AST) -> list[str]:
    """Give the names that an import brings from elsewhere than the standard library and gatehouse."""
    if isinstance(node, ast.ImportFrom) and _is_foreign(node.module or ""):
        return [name.asname or name.name for name in node.names]
    if isinstance(node, ast.Import):
        return [name.asname or name.name.split(".")[0] for name in node.names if _is_foreign(name.name)]
    return []


def _is_foreign(module: str) -> bool:
    package = module.split(".", maxsplit=1)[0]
    return package != _OURS and package not in sys.stdlib_module_names


def _first_name(called: ast.expr) -> str:
    """Give the name at the left of what is called: `apt` of `apt.packages`."""
    while isinstance(called, ast.Attribute | ast.Call | ast.Subscript):
        called = called.func if isinstance(called, ast.Call) else called.value
    return called.id if isinstance(called, ast.Name) else ""
