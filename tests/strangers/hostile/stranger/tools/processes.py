"""What reaches other processes, and what is left behind, ports in their hands included."""

import ctypes
import os
import socket
import subprocess
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
IN = Path(os.environ.get("STATE_DIRECTORY", os.environ.get("HOME", "/nowhere")))
"""A place that is the attempt's own."""


def realtime() -> None:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def others_terminals() -> "list[str]":
    """Open every terminal that is not this process's own."""
    names = [name for name in os.listdir("/dev/pts") if name.isdecimal()]
    others = [name for name in names if not os.isatty(0) or f"/dev/pts/{name}" != os.ttyname(0)]
    if not others:
        raise FileNotFoundError("there are no others")
    return [str(os.open(f"/dev/pts/{name}", os.O_RDWR | os.O_NOCTTY)) for name in others]


def make_terminal() -> None:
    """Make a terminal of its own, of which the machine has so many and no more."""
    os.open("/dev/ptmx", os.O_RDWR | os.O_NOCTTY)


def say(words: str) -> int:
    """Say something where the app's own words go."""
    return os.write(2, words.encode("utf-8", "surrogateescape"))


def survive(name: str, *, holds: bool = False) -> None:
    """Leave a process behind that nobody waits for; it can keep open what the first of us writes to."""
    if os.fork():
        return
    _leave([f"/proc/{process}/fd/{fd}" for process in _ancestors()[-1:] for fd in (1, 2)] if holds else [])
    _LIBC.prctl(15, name.encode(), 0, 0, 0)  # PR_SET_NAME
    time.sleep(600)
    os._exit(0)


def _ancestors() -> "list[int]":
    found = [os.getppid()]
    while found[-1] > 1:
        found.append(int(Path(f"/proc/{found[-1]}/stat").read_text().rpartition(")")[2].split()[1]))
    return found[:-1]


def fill(descriptor: int, size: int) -> None:
    """Say a lot."""
    block = b"stranger " * 1000
    for _ in range(size // len(block)):
        os.write(descriptor, block)


def send_signal(process: int, number: int = 0) -> None:
    os.kill(process, number)


def priority(process: int) -> None:
    os.setpriority(os.PRIO_PROCESS, process, 19)


def program(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    if done.returncode:
        raise PermissionError(f"{command[0]}: {done.stderr.strip()[:200]}")
    return done.stdout[:300]


def others() -> "list[str]":
    """List the command lines of other users' processes."""
    found = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{process}").st_uid != os.getuid():
                found.append(Path(f"/proc/{process}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    if not found:
        raise ProcessLookupError("there is nobody else")
    return found


def hold(host: str, port: int, *, reuse: bool = False) -> None:
    """Listen at a port, and keep what clients send there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind((host, port))
    server.listen(100)
    if os.fork() == 0:
        _leave([])
        _take(server)


def hold_when_free(host: str, port: int, seconds: float = 30) -> None:
    """Wait for a port in the background, and listen there as soon as nobody else does."""
    if os.fork():
        return
    _leave([])
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            hold(host, port)
        except OSError:
            time.sleep(0.001)
        else:
            break
    os._exit(0)


def _take(server: socket.socket) -> None:
    while True:
        client, _ = server.accept()
        client.settimeout(1)
        try:
            asked = client.recv(4000)
            with open(IN / "stolen", "ab") as file:
                file.write(asked)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nSTOLEN")
        except OSError:
            pass
        client.close()


def _leave(held: "list[str]") -> None:
    """Part with whoever waits for us, and keep nothing of theirs open but what is to be held."""
    os.setsid()
    os.closerange(0, 3)
    for path in held:
        try:
            os.open(path, os.O_WRONLY)
        except OSError:
            continue
