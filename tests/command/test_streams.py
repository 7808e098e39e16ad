"""Whoever reads what a run tells may go away, and a disk may be full: the run's own exit code stays."""

import shlex
import subprocess

import pytest

from tests.command.clone import ROOT, Clone
from tests.command.wrong import inventory

DOWN = inventory('hosts = [("web1", {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root"})]\n')
FULL = "gatehouse: standard output cannot be written: No space left on device"
CLOSED = "gatehouse: standard output is closed; to see nothing of it, write >/dev/null"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("status prod", 1),
        ("status prod --json", 1),
        ("site prod --yes", 1),
        ("status prodd", 2),
        ("--help", 0),
        ("completion bash", 0),
        ("--complete", 0),
    ],
)
@pytest.mark.parametrize("pipe", ["| true", "2>&1 | true"])
def test_a_reader_that_goes_away_changes_no_exit_code(clone: Clone, words: str, code: int, pipe: str) -> None:
    clone.write(DOWN)
    done = shell(clone, f"./gatehouse {words} {pipe}; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("status prod >/dev/full", 1, FULL),
        ("--help >/dev/full", 1, FULL),
        ("completion bash >/dev/full", 1, FULL),
        ("status prod >&-", 1, CLOSED),
        ("--help >&-", 1, CLOSED),
        ("status prodd >/dev/full", 2, "there is no inventory"),
        ("status prodd 2>/dev/full", 2, ""),
        ("status prodd 2>&-", 2, ""),
        ("status prod >&- 2>&-", 1, ""),
        ("status prod 2>&- <&-", 1, ""),
    ],
)
def test_what_cannot_be_told(clone: Clone, words: str, code: int, told: str) -> None:
    clone.write(DOWN)
    done = shell(clone, f"./gatehouse {words}")
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == bool(told), f"expected one line at most:\n{done.stderr}"
    assert done.returncode == code


PROGRAM = """
import sys
sys.path.insert(0, {root!r})
from deploys.command import streams
streams.guard()
if {ends}:
    streams.end_with_reader()
try:
    for number in range(20_000):
        print("a line that nobody reads to its end", number, flush=True)
    open({mark!r}, "w").close()
    code = {code}
except SystemExit as end:
    code = end.code
sys.exit(streams.code(code))
"""


@pytest.mark.parametrize(
    ("ends", "own", "code", "is_finished"),
    [(False, 0, 0, True), (False, 1, 1, True), (True, 0, 141, False)],
    ids=["a run goes on", "and keeps its code", "a program on the server ends"],
)
def test_a_reader_that_has_seen_enough(
    clone: Clone, ends: bool, own: int, code: int, is_finished: bool
) -> None:
    mark = clone.root / "finished"
    program = PROGRAM.format(root=str(ROOT), ends=ends, mark=str(mark), code=own)
    done = shell(clone, f".venv/bin/python -c {shlex.quote(program)} | head -1; exit ${{PIPESTATUS[0]}}")
    assert done.stdout == "a line that nobody reads to its end 0\n"
    assert done.stderr == ""
    assert (done.returncode, mark.exists()) == (code, is_finished)


def shell(clone: Clone, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", line], cwd=clone.root, capture_output=True, text=True, check=False, timeout=120
    )
