"""A command on the controller that talks to strangers' servers, and comes to an end whatever they do."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

MOST_SAID = 64 << 20
"""Bytes that it may write to either of its outputs."""
_LARGEST = 2 << 30
"""Bytes of a file that it may write."""
_STEP, _LONGEST_STEP = 0.005, 0.25
_LIMITED = f'ulimit -f {_LARGEST // 512} && exec "$@"'
"""For POSIX's shell, which counts in blocks of 512 bytes; what the command starts is held to it, too."""


class Endless(Exception):
    """A command that came to no end, or said too much; says which."""


def run(
    command: Sequence[str], environment: Mapping[str, str], deadline: float
) -> "subprocess.CompletedProcess[bytes]":
    """Run a command, and end it with all that it has started where it does not end by itself.

    Args:
        command: the program and its arguments.
        environment: its variables.
        deadline: until when it may take, by the monotonic clock.

    Raises:
        Endless: it came to no end in time, or said more than is read.
        FileNotFoundError: there is no such program.

    """
    if not any(os.access(f"{path}/{command[0]}", os.X_OK) for path in os.get_exec_path(dict(environment))):
        raise FileNotFoundError(command[0])
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        # In files, of which no more than we read is in memory. A session of its own has no terminal.
        process = subprocess.Popen(
            ["/bin/sh", "-c", _LIMITED, "sh", *command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            _wait(process, (output.fileno(), errors.fileno()), deadline)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        said = []
        for stream in (output, errors):
            stream.seek(0)
            said.append(stream.read(MOST_SAID))
        return subprocess.CompletedProcess(list(command), process.returncode, *said)


def _wait(process: "subprocess.Popen[bytes]", outputs: Sequence[int], deadline: float) -> None:
    step, is_over = _STEP, False
    while not is_over:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=step)
            is_over = True
        if any(os.fstat(output).st_size > MOST_SAID for output in outputs):
            raise Endless(f"said more than {MOST_SAID >> 20} MB")
        if not is_over and time.monotonic() > deadline:
            raise Endless("came to no end in time")
        step = min(2 * step, _LONGEST_STEP)
