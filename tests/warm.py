"""A pyinfra that has read its modules: each run is a copy of it, and has only what is its own to do.

Of a short run's time, most goes into reading pyinfra's and gatehouse's modules. Tests on servers are about
what a run does after that, and make hundreds; what starts cold, as a user's does, is the program `PYINFRA`.
"""

import ast
import gc
import json
import os
import posix  # gevent, which pyinfra puts in the place of `os.fork`, would have the parent wait for it, too
import signal
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).parent.parent
PYINFRA = Path(sys.executable).with_name("pyinfra")
ENTRY = ROOT / "deploys/site.py"
ORDERING = threading.Lock()


def run(command: Sequence[str], env: Mapping[str, str], output: Path) -> int:
    """Run pyinfra in the clone, and give its exit code.

    Args:
        command: its arguments.
        env: all of its environment.
        output: the file that gets all that it says.

    """
    with tempfile.TemporaryDirectory() as folder:
        ended = Path(folder) / "ended"
        os.mkfifo(ended)
        order = {"command": command, "env": {**env}, "output": str(output), "ended": str(ended)}
        with ORDERING:
            stream = _warm().stdin
            assert stream is not None
            stream.write(json.dumps(order).encode() + b"\n")
            stream.flush()
        code = ended.read_text()
    assert code, "what waits for the copy of pyinfra is gone"
    return int(code)


@cache
def _warm() -> subprocess.Popen[bytes]:
    """Start the one that is copied; it ends with this process."""
    return subprocess.Popen([sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE)


def main() -> None:
    """Read pyinfra's and gatehouse's modules, then make a copy for each line of orders."""
    from pyinfra_cli.main import main as pyinfra  # noqa: PLC0415

    for node in ast.walk(ast.parse(ENTRY.read_text())):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                with suppress(ModuleNotFoundError):
                    import_module(f"{node.module}.{name.name}")
    import_module("pyinfra.connectors.ssh")
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if posix.fork() == 0:
            _wait(json.loads(line), pyinfra)


def _wait(order: Mapping[str, Any], pyinfra: Callable[[], object]) -> NoReturn:
    """Have a copy carry out an order, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with Path(order["ended"]).open("w") as ended:
        if (copy := posix.fork()) == 0:
            ended.close()
            _obey(order, pyinfra)
        _, status = posix.waitpid(copy, 0)
        ended.write(str(os.waitstatus_to_exitcode(status)))
    posix._exit(0)


def _obey(order: Mapping[str, Any], pyinfra: Callable[[], object]) -> NoReturn:
    """Do what the program `pyinfra` does, from where its modules are read."""
    for stream, flags in ((0, os.O_RDONLY), (1, os.O_WRONLY), (2, os.O_WRONLY)):
        os.dup2(os.open(order["output"] if stream else os.devnull, flags | os.O_APPEND), stream)
    os.environ.clear()
    os.environ.update(order["env"])
    sys.argv = [str(PYINFRA), *order["command"]]
    sys.path[0] = str(PYINFRA.parent)
    vars(sys.modules["__main__"])["__package__"] = None  # else click would call it by this module's name
    code: object = 1
    try:
        code = pyinfra()
    except SystemExit as end:
        code = end.code
    except BaseException:  # as Python itself has it
        traceback.print_exc()
    sys.stdout.flush()
    posix._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
