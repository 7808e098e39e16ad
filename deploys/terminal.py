"""The last thing before the operator's terminal: whatever pyinfra prints, by whomever it was written."""

import logging
import os
import sys
from typing import Any, TextIO

import click
from pyinfra import logger
from pyinfra.api.output import set_echo

from deploys import invocation
from deploys.folding import NARROWEST, columns, fitting, harmless
from deploys.onhost.words import printable


def guard(*, folds: bool = True) -> None:
    """Have all that pyinfra, and what it connects by, logs and echoes from now on be harmless.

    Args:
        folds: whether to fold what is logged, too; else whoever prints it does, by `tell`.

    """
    if not any(isinstance(known, _Guard) for known in logger.filters):
        logger.addFilter(_Guard(folds=folds))
        if logging.lastResort:  # by which Python shows what paramiko says of a server
            logging.lastResort.addFilter(_Guard())
        set_echo(_echo)


def tell(text: str, stream: TextIO | None = None) -> None:
    """Print what was asked for, on standard output unless another stream is given.

    At a terminal, what is longer than a row is folded: the rest of a stranger's words would stand where lines
    of ours begin.
    """
    show("")
    print(harmless(text, columns(stream or sys.stdout)), file=stream, flush=True)


def tell_apart(text: str) -> None:
    """Print what was asked for of one host, with an empty line between it and what stands before."""
    is_first = invocation.is_by_command() and not _told
    _told.append(text)
    tell(text if is_first else f"\n{text}")


_told: list[str] = []


def show(words: str) -> None:
    """Show what is under way, until something is told or shown in its place; only on a terminal."""
    if not is_live() or words == _shown[-1]:
        return
    _shown[:] = [words]
    most = (columns(sys.stderr) or NARROWEST) - 1
    sys.stderr.write(f"\r\x1b[K{fitting(printable(words), most)}")
    sys.stderr.flush()


def is_live() -> bool:
    """Say whether there is a terminal on which one line can take another's place."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


_shown = [""]
"""What stands on the terminal's last line."""


def width() -> int | None:
    """Count the columns of the terminal that reads what is told; there may be none."""
    return columns(sys.stdout)


class _Guard(logging.Filter):
    def __init__(self, *, folds: bool = True) -> None:
        super().__init__()
        self._folds = folds

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg, record.args = harmless(record.getMessage(), _columns() if self._folds else None), None
        return True


def _echo(message: object = None, **options: Any) -> None:
    click.echo(harmless(message, _columns()) if isinstance(message, str) else message, **options)


def _columns() -> int | None:
    # pyinfra puts four spaces before most lines.
    found = columns(sys.stderr)
    return None if found is None else max(found - 4, NARROWEST)
