"""The `gatehouse` command: what is wrong is told in one line, and each end has its exit code."""

import os
import signal
import sys
from pathlib import Path

from deploys.command import completion, naming, streams
from deploys.command.arguments import Command, parse
from deploys.command.usage import Wrong
from deploys.exit_codes import ALL_WELL, FAILED, INTERRUPTED, WRONG
from deploys.folding import columns, harmless


def main(words: list[str]) -> int:
    """Do what a command line says, and give the exit code."""
    try:
        streams.guard()
    except Wrong as wrong:
        return _refused(wrong, FAILED)
    try:
        return streams.code(_ended(words))
    except SystemExit as end:
        # As help ends, or the command that was run as an app.
        sys.exit(streams.code(end.code) if isinstance(end.code, int) else end.code)


def _ended(words: list[str]) -> int:
    if words[:1] == [completion.ASK]:
        sys.stdout.writelines(f"{word}\n" for word in completion.fitting(words[1:], naming.names()))
        return ALL_WELL
    # Until a run listens itself: an inventory, or a passphrase that is asked for, takes its time.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        command = parse(words)
        if isinstance(command, str):
            sys.stdout.write(completion.script(command))
            return ALL_WELL
        return _run(command)
    except Wrong as wrong:
        return _refused(wrong, WRONG)
    except KeyboardInterrupt:
        sys.stderr.write("gatehouse: stopped; nothing was changed\n")
        return INTERRUPTED


def _refused(wrong: Wrong, code: int) -> int:
    for line in str(wrong).splitlines():
        sys.stderr.write(f"{harmless(f'gatehouse: {line}', columns(sys.stderr))}\n")
    return code


def _run(command: Command) -> int:
    path = naming.find(command.inventory, Path.cwd())
    # Settings name files by where they are from the clone.
    os.chdir(naming.ROOT)
    from deploys.command import run  # noqa: PLC0415  # it takes its time, which a wrong command need not wait for

    return run.run(command, path)
