"""What is wrong in a file of the user's: where, and why, in one line."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from pyinfra_cli.exceptions import UnexpectedExternalError

from deploys.command.naming import from_clone
from deploys.config.server import Server
from deploys.onhost.words import shown

_MOST = 200
_PYTHON_S = {"true": "True", "yes": "True", "on": "True", "false": "False", "no": "False", "off": "False"}
_PYTHON_S |= {"null": "None", "none": "None", "nil": "None"}
"""What other languages call what Python has by another name."""


def told(error: BaseException, file: Path, root: Path) -> str:
    """Say in one line what is wrong in a file that was executed.

    Args:
        error: what it raised.
        file: the file, for errors that name none.
        root: the folder that the user knows the file from.

    """
    if isinstance(error, UnexpectedExternalError):
        # What pyinfra wraps has lost its own way here.
        return told(error.exception, Path(error.filename), root)
    if isinstance(error, SyntaxError):
        return f"{_place(Path(error.filename or file), error.lineno, root)}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"{_place(file, None, root)}: is not text in UTF-8"
    if isinstance(error, OSError) and error.filename and Path(error.filename) == file:
        return f"{_place(file, None, root)}: cannot be read ({error.strerror})"
    line, is_environment = _line(error.__traceback__, file)
    where = _place(file, line, root)
    if isinstance(error, KeyError) and is_environment:
        return f"{where}: the environment variable {error.args[0]} is not set"
    near = _PYTHON_S.get(error.name or "") if isinstance(error, NameError) else None
    likely = f"; did you mean {near}?" if near else ""
    return shown(f"{where}: {type(error).__name__}: {error}{likely}", _MOST + len(where))


def ignored(file: Path, root: Path) -> Iterator[str]:
    """Find what a file of settings says in vain: Python takes the last of two, and pyinfra nothing imported.

    Args:
        file: the file, which has been executed.
        root: the folder that the user knows the file from.

    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    found = (*_twice(tree), *_imported(tree), *_unsaid(tree))
    yield from (f"{_place(file, line, root)}: {words}" for line, words in found)


def _twice(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
        keys = [key for key in table.keys if isinstance(key, ast.Constant)]
        for number, key in enumerate(keys):
            if any(repr(key.value) == repr(other.value) for other in keys[:number]):
                yield key.lineno, f"{shown(repr(key.value), _MOST)}: stands there twice; keep one of them"


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    if any("__all__" in ast.unparse(node) for node in tree.body):
        return  # it says itself what are settings
    for node in (node for node in tree.body if isinstance(node, ast.ImportFrom)):
        for alias in node.names:
            name = alias.asname or alias.name
            if name in Server.model_fields:
                right = f"import {node.module}, and {name} = {node.module}.{alias.name}"
                yield node.lineno, f"{name}: pyinfra leaves out what is imported; write: {right}"


def _unsaid(tree: ast.Module) -> Iterator[tuple[int, str]]:
    said = (node for node in tree.body if isinstance(node, ast.AnnAssign) and node.value is None)
    for node in said:
        name = ast.unparse(node.target)
        if name in Server.model_fields:
            yield node.lineno, f"{name}: has no value; write = in place of the colon"


def _line(traceback: TracebackType | None, file: Path) -> tuple[int | None, bool]:
    """Find the last line of the file that led to an error, and whether the environment lacked something."""
    found, last = None, ""
    for frame, line in walk_tb(traceback):
        last = frame.f_globals.get("__name__", "")
        if Path(frame.f_code.co_filename) == file:
            found = line
    return found, last == os.__name__


def _place(file: Path, line: int | None, root: Path) -> str:
    path = from_clone(file, root)
    return f"{path}:{line}" if line else path
