"""A program of Python, imported once: each run is a fork of that process, and all else as if it were started.

What gatehouse and pyinfra import takes them more than a second; a table of commands has many rows, and tests
on servers run hundreds of deploys. A test that changes what is imported needs a process of its own, and so
does one that is about the process: its signals, its terminal, its network.
"""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

_SERVER = """
import gc, importlib, json, os, runpy, sys

# Those of the operating system, before gevent puts its own in their places.
fork, waitpid = os.fork, os.waitpid
program, folder, *modules = sys.argv[1:]
sys.path[0] = folder
for module in modules:
    importlib.import_module(module)

gc.freeze()
for line in sys.stdin.buffer:
    asked = json.loads(line)
    child = fork()
    if child:
        print(os.waitstatus_to_exitcode(waitpid(child, 0)[1]), flush=True)
        continue
    for number, (name, flags) in enumerate(zip(asked["streams"], (os.O_RDONLY, os.O_WRONLY, os.O_WRONLY))):
        os.dup2(os.open(name, flags | os.O_APPEND), number)
    sys.stdin = sys.__stdin__ = open(0, closefd=False)
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)
    sys.stderr = sys.__stderr__ = open(2, "w", errors="backslashreplace", closefd=False)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv[:] = [program, *asked["words"]]
    runpy.run_path(program, run_name="__main__")
"""


class Ready:
    """A process that waits for command lines."""

    def __init__(self, python: Path, program: Path, folder: Path, modules: Sequence[str]) -> None:
        """Start it.

        Args:
            python: what runs it.
            program: the file that is run for each command line.
            folder: where the modules are.
            modules: those that are imported.

        """
        command = [str(python), "-c", _SERVER, str(program), str(folder), *modules]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def run(
        self,
        words: Sequence[str],
        *,
        typed: str = "",
        folder: Path,
        environment: Mapping[str, str],
        together: bool = False,
    ) -> subprocess.CompletedProcess[str]:
        """Run a command line, and give what a process of its own would have left.

        Args:
            words: the command line's, but for the program.
            typed: what it gets on standard input.
            folder: where it is run.
            environment: all its variables.
            together: whether its errors go to its output, too, in the order in which all is said.

        """
        ask, answer = self._process.stdin, self._process.stdout
        assert ask
        assert answer
        with TemporaryDirectory() as streams:
            given, output, errors = (Path(streams, name) for name in ("in", "out", "err"))
            given.write_text(typed)
            output.touch()
            errors.touch()
            asked = {
                "words": words,
                "streams": [str(given), str(output), str(output if together else errors)],
                "folder": str(folder),
                "environment": {**environment},
            }
            ask.write(f"{json.dumps(asked)}\n".encode())
            ask.flush()
            code = int(answer.readline())
            return subprocess.CompletedProcess(words, code, output.read_text(), errors.read_text())

    def end(self) -> None:
        """Have the process end, and wait for it."""
        self._process.communicate()
