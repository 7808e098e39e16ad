"""A program of this machine's that listens at a port of its own."""

import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from tests.lab.waiting import until


@contextmanager
def listening(command: Callable[[int], Sequence[str]], env: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a program until the end of the context, and give its port once it is open.

    Args:
        command: gives the program's words for a port.
        env: its environment, unless it is ours.

    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with subprocess.Popen([*command(port)], env=env, stderr=subprocess.DEVNULL) as program:
        try:
            until(lambda: _is_open(port), within=30, otherwise=f"{command(port)[0]} does not listen")
            yield port
        finally:
            program.terminate()


def _is_open(port: int) -> bool:
    with socket.socket() as client:
        return not client.connect_ex(("127.0.0.1", port))
