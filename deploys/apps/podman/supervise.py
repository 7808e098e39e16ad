"""A container from its start to its end, in a unit of its own.

The port is held by systemd, outside, and nothing in a container knows of that: what is connected to it is
passed on to the server inside, by its own loopback, so that this is the one whom it has to trust.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from . import engine
from .contained import Contained

HELD = 3
"""The descriptor of the socket that systemd hands over (sd_listen_fds(3))."""
_FORWARDER = "/usr/lib/systemd/systemd-socket-proxyd"
_MOST = 65536
"""Connections at a time; the unit's own limits come first."""
_ENDS_WITHIN = 12
"""Seconds that it gets to end by itself; systemd waits longer, and so never has to kill."""
_POLL = 0.1
_PATIENCE = 5
"""Seconds after which it is told that it listens elsewhere, if it does."""
_LISTEN = "0A"


def supervise(contained: Contained, words: Sequence[str], *, serves: bool = False) -> None:
    """Run the container until it ends or is told to, and exit as it did.

    Args:
        contained: the container.
        words: a command; what the image or the settings say unless given.
        serves: whether it is the server that connections are passed on to.

    """
    environment = engine.environment()
    pid_file = engine.PID_FILE
    network = _network(environment, contained.loopback)
    options = (network, "--log-driver=passthrough", f"--pidfile={pid_file}")
    command = [*engine.podman(), "run", *contained.words(words, *options)]
    podman = subprocess.Popen(command, env=_with_variables(contained, environment), stdin=subprocess.DEVNULL)
    stopping = _Stopping(podman, pid_file, contained.stop_signal)
    passing = None
    if serves:
        if process := _await_server(podman, pid_file, contained):
            passing = _pass_on(process, contained.listens_at, environment)
        os.close(HELD)
    while podman.poll() is None:
        if passing and passing.poll() is not None:
            # Without it, nobody is served: the unit is to start again.
            stopping.end()
        time.sleep(_POLL)
    if passing:
        passing.terminate()
    sys.exit(0 if stopping.is_told else podman.returncode)


def attach(contained: Contained, words: Sequence[str]) -> None:
    """Become the container, with the terminal or the streams that are here."""
    environment = engine.environment()
    how = ("--interactive", "--tty") if os.isatty(0) else ("--interactive",)
    options = (_network(environment, contained.loopback), "--log-driver=none", *how)
    command = [*engine.podman(), "run", *contained.words(words, *options)]
    os.execve(command[0], command, _with_variables(contained, environment))  # noqa: S606  # its place is taken


class _Stopping:
    """Passes on that the unit is to stop, to what runs in the container, and ends that when it does not."""

    def __init__(self, podman: "subprocess.Popen[bytes]", pid_file: Path, stop_signal: int) -> None:
        self.is_told = False
        self._podman, self._pid_file, self._signal = podman, pid_file, stop_signal
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGALRM, self.end)

    def _stop(self, *_: object) -> None:
        self.is_told = True
        signal.alarm(_ENDS_WITHIN)
        self._send(self._signal)

    def end(self, *_: object) -> None:
        """End it at once."""
        self._send(signal.SIGKILL)

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.kill(_process(self._pid_file) or self._podman.pid, number)


def _with_variables(contained: Contained, environment: dict[str, str]) -> dict[str, str]:
    """Give podman the app's variables, which it passes on by name: a command line could be read."""
    return {name: os.environ[name] for name in contained.variables if name in os.environ} | environment


def _network(environment: dict[str, str], loopback: Sequence[int]) -> str:
    """Say how the container reaches what is outside, by the means of podman's version."""
    version = subprocess.run(
        [*engine.podman(), "--version"], env=environment, stdout=subprocess.PIPE, text=True, check=False
    ).stdout.split()[-1]
    if int(version.partition(".")[0]) < 5:
        return "--network=slirp4netns" + (":allow_host_loopback=true" if loopback else "")
    ports = ",".join(f"-T,{port}" for port in loopback)
    return f"--network=pasta:{ports}" if ports else "--network=pasta"


def _await_server(podman: "subprocess.Popen[bytes]", pid_file: Path, contained: Contained) -> int:
    """Wait until its server listens, and say where else it does; nothing where it ends before that."""
    told: set[int] = set()
    begun = time.monotonic()
    while podman.poll() is None:
        process = _process(pid_file)
        open_ports = _listening(process) if process else set()
        if contained.listens_at in open_ports:
            return process
        if time.monotonic() - begun > _PATIENCE:
            # What it reaches on the machine's loopback is podman's, which listens in its place.
            for other in open_ports - told - set(contained.loopback):
                _tell_of(other, contained.listens_at)
                told.add(other)
        time.sleep(_POLL)
    return 0


def _tell_of(other: int, port: int) -> None:
    remedy = f'write "container": {{"port": {other}}}, or have it listen at $PORT'
    # As the app's own words, by which a release that fails is told.
    sys.stderr.write(f"gatehouse: it listens at {other}, not at {port}: if that is the app, {remedy}\n")
    sys.stderr.flush()


def _process(pid_file: Path) -> int:
    try:
        return int(pid_file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def _listening(process: int) -> "set[int]":
    """Find the ports at which something listens in a process's network (proc(5), /proc/net/tcp)."""
    found = set()
    for name in ("tcp", "tcp6"):
        try:
            rows = Path(f"/proc/{process}/net/{name}").read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for _, own, _, state, *_ in map(str.split, rows):
            if state == _LISTEN:
                found.add(int(own.rpartition(":")[2], 16))
    return found


def _pass_on(process: int, port: int, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Pass on what is connected to the port that systemd holds, from within the container's network."""
    enter = f"/usr/bin/nsenter --user --net --preserve-credentials --target {process}"
    script = f"LISTEN_PID=$$ exec {enter} {_FORWARDER} --connections-max={_MOST} 127.0.0.1:{port}"
    handed = environment | {"LISTEN_FDS": "1"}
    return subprocess.Popen(["/bin/sh", "-c", script], env=handed, pass_fds=(HELD,))
