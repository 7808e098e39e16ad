"""Programs that root runs: which ones, with what around them, and in whose words a failure is told."""

import os
from pathlib import Path

import pytest

from deploys.onhost import run


def test_nothing_around_us_reaches_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LD_LIBRARY_PATH", "PYTHONPATH", "GIT_DIR", "GCONV_PATH", "PATH", "LC_ALL"):
        monkeypatch.setenv(name, "/nowhere")
    said = run.output("/usr/bin/env", environment={"MORE": "1"})
    assert dict(line.split("=", 1) for line in said.splitlines()) == {**run.ENVIRONMENT, "MORE": "1"}


@pytest.mark.parametrize("program", ["true", "./true", "../bin/true", ""])
def test_a_program_that_would_be_looked_up_is_not_run(program: str) -> None:
    with pytest.raises(SystemExit, match="not run, as that is no absolute path"):
        run.attempt(program)
    with pytest.raises(SystemExit, match="not run, as that is no absolute path"):
        run.awaited(program, is_awaited=lambda: True)


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo no bus >&2; exit 3", "/bin/sh ended with 3: 'no bus'"),
        ("printf no; exit 3", "/bin/sh ended with 3: 'no'"),
        ("exit 1", "/bin/sh ended with 1 without a word"),
        ("printf 'a\\nb\\n'; exit 1", "/bin/sh ended with 1:\n    | a\n    | b"),
        (r"printf 'no\033]0;x\007\377'; exit 1", r"/bin/sh ended with 1: 'no\x1b]0;x\x07\xff'"),
    ],
)
def test_a_failure_is_told_in_the_program_s_own_words_made_printable(script: str, told: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        run.output("/bin/sh", "-c", script)
    assert str(refusal.value) == told


def test_what_cannot_be_done_is_told_first() -> None:
    with pytest.raises(SystemExit) as refusal:
        run.output("/bin/sh", "-c", "echo why >&2; false", what="it cannot be done")
    assert str(refusal.value) == "it cannot be done: 'why'"


def test_no_wall_of_words() -> None:
    with pytest.raises(SystemExit) as refusal:
        run.output("/bin/sh", "-c", "for i in $(seq 2000); do echo $i; done; false")
    lines = str(refusal.value).splitlines()
    assert (len(lines), lines[-1]) == (31, "    | 2000")


def test_a_program_that_is_not_there() -> None:
    assert run.attempt("/usr/bin/none").returncode == 127
    with pytest.raises(SystemExit, match=r"^/usr/bin/none ended with 127: 'there is no such program'$"):
        run.output("/usr/bin/none")


def test_a_program_that_does_not_end(tmp_path: Path) -> None:
    with pytest.raises(TimeoutError, match=r"^/bin/sleep did not end within 0\.1 s$"):
        run.attempt("/bin/sleep", "60", timeout=0.1)


def test_a_program_that_nobody_waits_for_is_ended(tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    script = f"echo $$ > {pid}; exec sleep 60"
    assert run.awaited("/bin/sh", "-c", script, is_awaited=lambda: not pid.exists()) is None
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize("code", [0, 3])
def test_a_program_that_is_waited_for_has_its_time(code: int) -> None:
    assert run.awaited("/bin/sh", "-c", f"exit {code}", is_awaited=lambda: False) == code
