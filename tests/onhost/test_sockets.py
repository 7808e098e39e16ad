"""Who listens is found, and in a bounded time, whatever else processes have open."""

import ctypes
import itertools
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator

import pytest

from deploys.onhost import sockets

LAST = 400
"""Descriptors that each process has, most of which say nothing."""


def listen() -> int:
    """Listen at a port, for as long as this process lives; give the descriptor."""
    listener = socket.create_server(("127.0.0.1", 0))
    return listener.detach()


def clutter() -> None:
    """Have as many descriptors as this process gets."""
    while os.dup(0) < LAST:
        pass


@pytest.fixture
def begun() -> Iterator[Callable[..., tuple[int, str]]]:
    """Begin a process, which does some things and then waits; give its number and its listener's inode."""
    started = []

    def begin(*does: Callable[[], object]) -> tuple[int, str]:
        read, write = os.pipe()
        process = os.fork()
        if not process:
            os.closerange(3, read)
            found = [each() for each in does]
            listener = next(each for each in found if each is not None)
            os.write(write, os.readlink(f"/proc/self/fd/{listener}").encode())
            time.sleep(600)
            os._exit(0)
        started.append(process)
        inode = os.read(read, 100).decode()[len("socket:[") : -1]
        os.close(read)
        os.close(write)
        return process, inode

    yield begin
    for process in started:
        os.kill(process, 9)
        os.waitpid(process, 0)


def share() -> None:
    """Have a process of one's own with all that is open here, for as long as this one lives."""
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        time.sleep(600)
        os._exit(0)


def is_called(name: bytes) -> Callable[[], None]:
    """Have this process go by a name."""

    def call() -> None:
        ctypes.CDLL(None).prctl(15, name, 0, 0, 0)  # PR_SET_NAME

    return call


@pytest.mark.parametrize("name", [b"python3", b"\xff\xfe\x9b31m", b"a) S 1 (b", b"a\n--> b"])
def test_a_process_is_found_whatever_it_calls_itself(
    begun: Callable[..., tuple[int, str]], name: bytes
) -> None:
    process, inode = begun(is_called(name), listen, share)
    assert sockets.owner(inode) == process


@pytest.mark.parametrize("first", [LAST // 4, 2 * LAST])
def test_a_listener_is_found_by_its_process(
    begun: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(sockets, "FIRST", first)
    process, inode = begun(listen, clutter)
    assert sockets.owner(inode) == process


def test_what_is_opened_after_all_else_may_be_left_out(
    begun: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, inode = begun(clutter, listen)
    assert sockets.owner(inode) == process
    monkeypatch.setattr(sockets, "FIRST", LAST // 4)
    assert sockets.owner(inode) is None


def test_processes_without_end_are_looked_at_to_an_end(
    begun: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "MOST", 3 * LAST)
    process, inode = begun(listen, clutter)
    assert sockets._holders([inode], itertools.repeat(process)) == {inode: {process}}
    assert sockets._holders([inode], itertools.repeat(os.getpid())) == {inode: set()}
