"""The `gatehouse` command: what is wrong is told in one line, and each end has its exit code."""

import os
import sys
from pathlib import Path

from deploys.command import completion, naming
from deploys.command.arguments import Command, parse
from deploys.command.usage import ALL_WELL, INTERRUPTED, WRONG, Wrong
from deploys.folding import columns, harmless


def main(words: list[str]) -> int:
    """Do what a command line says, and give the exit code."""
    if words[:1] == [completion.ASK]:
        sys.stdout.writelines(f"{word}\n" for word in completion.fitting(words[1:], naming.names()))
        return ALL_WELL
    try:
        command = parse(words)
        if isinstance(command, str):
            sys.stdout.write(completion.script(command))
            return ALL_WELL
        return _run(command)
    except Wrong as wrong:
        for line in str(wrong).splitlines():
            sys.stderr.write(f"{harmless(f'gatehouse: {line}', columns(sys.stderr))}\n")
        return WRONG
    except BrokenPipeError:  # the reader, like head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ALL_WELL
    except KeyboardInterrupt:
        sys.stderr.write("gatehouse: stopped; nothing was changed\n")
        return INTERRUPTED


def _run(command: Command) -> int:
    path = naming.find(command.inventory, Path.cwd())
    # Settings name files by where they are from the clone.
    os.chdir(naming.ROOT)
    from deploys.command import run  # noqa: PLC0415  # it takes its time, which a wrong command need not wait for

    return run.run(command, path)
