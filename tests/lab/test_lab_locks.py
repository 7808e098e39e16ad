import subprocess
import sys
from pathlib import Path

from tests.lab.layout import CHECKOUT
from tests.lab.locks import held

# The marker is made exclusively: two that hold the lock at once do not both get through.
HOLD = """
import sys
from pathlib import Path
from tests.lab.locks import held
lock, marker = map(Path, sys.argv[1:])
with held(lock, what="the test"):
    marker.touch(exist_ok=False)
    print("held", flush=True)
    sys.stdin.read()
    marker.unlink()
"""


def _holder(lock: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(lock), str(lock.parent.parent / "marker")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )


def test_nothing_is_left(tmp_path: Path) -> None:
    lock = tmp_path / "made for it" / "lock"
    with held(lock, what="the test"):
        assert lock.exists()
    assert not lock.parent.exists()


def test_a_killed_holder_lets_go(tmp_path: Path) -> None:
    lock = tmp_path / "folder" / "lock"
    with _holder(lock) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        holder.kill()
    assert lock.exists()
    with held(lock, what="the test"):
        pass
    assert not lock.exists()


def test_one_after_the_other(tmp_path: Path) -> None:
    """Whoever waited gets a lock that counts, although the one before removed the file."""
    lock = tmp_path / "folder" / "lock"
    with held(lock, what="the test"):
        waiting = [_holder(lock) for _ in range(4)]
        for process in waiting:
            assert process.stdin
            process.stdin.close()
    assert [process.wait() for process in waiting] == [0, 0, 0, 0]
    assert not lock.exists()
    for process in waiting:
        assert process.stdout
        process.stdout.close()
