"""What is wrong in a file of the user's: where, and why, in one line."""

import os
from pathlib import Path
from traceback import walk_tb
from types import TracebackType

from pyinfra_cli.exceptions import UnexpectedExternalError

from deploys.onhost.words import shown

_MOST = 200


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
    return shown(f"{where}: {type(error).__name__}: {error}", _MOST + len(where))


def _line(traceback: TracebackType | None, file: Path) -> tuple[int | None, bool]:
    """Find the last line of the file that led to an error, and whether the environment lacked something."""
    found, last = None, ""
    for frame, line in walk_tb(traceback):
        last = frame.f_globals.get("__name__", "")
        if Path(frame.f_code.co_filename) == file:
            found = line
    return found, last == os.__name__


def _place(file: Path, line: int | None, root: Path) -> str:
    path = file.relative_to(root) if file.is_relative_to(root) else file
    return f"{path}:{line}" if line else str(path)
