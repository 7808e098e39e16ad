"""Standard input and output of a run: that nobody reads any more what it tells is no failure of the run."""

import errno
import io
import os
import select
import sys
from typing import Any

from deploys.command.usage import Wrong
from deploys.exit_codes import ALL_WELL, FAILED

UNREAD = 141
"""The exit code that shells give to what ended because its reader had gone."""


class Output(io.FileIO):
    """A stream that takes all it is given; once that leads nowhere, it is lost, and the run goes on.

    A run that changes servers must not be cut in the middle as `head` has seen enough, or a disk is full.
    """

    def __init__(self, number: int) -> None:
        super().__init__(number, "w", closefd=False)
        self.ends_run = False
        """Whether a reader who goes away ends the run, as a program on the server might tell for ever."""
        self.problem: OSError | None = None

    def write(self, piece: Any, /) -> int:
        """Write, or take note of why nothing can be written from now on."""
        left = memoryview(piece).cast("B")
        size = len(left)
        try:
            while left:
                # Nothing is taken for now where whoever shares the stream has it block nobody.
                if (taken := super().write(left)) is None:
                    select.select([], [self.fileno()], [])
                else:
                    left = left[taken:]
        except OSError as problem:
            self.problem = problem
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)
            if self.ends_run:
                raise SystemExit(UNREAD) from None
        return size


_outputs: dict[str, Output] = {}


def guard() -> None:
    """Have all that is told from now on go by here.

    Raises:
        Wrong: standard output is closed, and so nothing could be told.

    """
    for number, name, how in ((0, "stdin", os.O_RDONLY), (2, "stderr", os.O_WRONLY)):
        if getattr(sys, name) is None:  # Python's own word for a closed one
            os.dup2(os.open(os.devnull, how), number)
            setattr(sys, name, os.fdopen(number, "w" if how else "r", closefd=False))
    if sys.stdout is None:
        raise Wrong("standard output is closed; to see nothing of it, write >/dev/null")
    for name in ("stdout", "stderr"):
        former = getattr(sys, name)
        _outputs[name] = Output(former.fileno())
        # Line by line, and without a buffer of bytes: a signal's handler could not write while the run does.
        text = io.TextIOWrapper(
            _outputs[name], encoding=former.encoding, errors=former.errors, line_buffering=True
        )
        setattr(sys, name, text)


def end_with_reader() -> None:
    """Have the run end as soon as nobody reads any more what it tells."""
    for output in _outputs.values():
        output.ends_run = True


def code(of_run: int) -> int:
    """Give the exit code: the run's own, unless all was well and could not be told.

    A reader who has seen enough is no failure, a disk that is full is one.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for name, output in _outputs.items():
        if output.problem is not None and output.problem.errno != errno.EPIPE:
            if name == "stdout":
                sys.stderr.write(f"gatehouse: standard output cannot be written: {output.problem.strerror}\n")
            return FAILED if of_run in {ALL_WELL, UNREAD} else of_run
    return of_run
