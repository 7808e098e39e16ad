"""A lock that one process holds at a time, and no dead one."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deploys.proxies.onhost.alone import Busy, alone

HOLD = """
import subprocess, sys
from pathlib import Path
from deploys.proxies.onhost.alone import alone
with alone(Path(sys.argv[1]), 0):
    child = subprocess.Popen(["sleep", "60"])
    print(child.pid, flush=True)
    sys.stdin.read()
    child.kill()
"""


@contextmanager
def held(lock: Path) -> Iterator["subprocess.Popen[str]"]:
    """Have another process hold the lock, and start a program that outlives it."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        child = holder.stdout.readline().strip()
        try:
            yield holder
        finally:
            holder.kill()
            subprocess.run(["kill", child], check=False, capture_output=True)


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "not yet there" / "lock"


def test_nobody_waits_for_ever(lock: Path) -> None:
    with held(lock), pytest.raises(Busy), alone(lock, 0.3):
        pytest.fail("two hold the lock")


def test_whoever_waits_is_next(lock: Path) -> None:
    with held(lock) as holder:
        assert holder.stdin is not None
        holder.stdin.close()
        with alone(lock, 30):
            assert holder.wait(30) == 0


def test_a_dead_process_holds_nothing_whatever_it_has_started(lock: Path) -> None:
    with held(lock) as holder:
        holder.kill()
        holder.wait()
        with alone(lock, 0):
            pass


def test_it_can_be_held_again_after_a_failure(lock: Path) -> None:
    with pytest.raises(ZeroDivisionError), alone(lock, 0):
        _ = 1 / 0
    with alone(lock, 0):
        pass
