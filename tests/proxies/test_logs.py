"""What lies where a proxy's user writes its logs holds up no report, and tells of nothing elsewhere."""

import gzip
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deploys.proxies.nginx.onhost import access_log
from deploys.proxies.onhost import logs
from deploys.reports.onhost import report
from tests.patience import patience

PATIENCE = 30
GOOD = '{"kept": 1}\n'


@pytest.fixture(autouse=True)
def _ends() -> Iterator[None]:
    """End what would wait for ever."""
    with patience(PATIENCE):
        yield


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A log in a folder in which anybody may write, beside what is not to be read."""
    (tmp_path / "secret").write_text('{"secret": 1}\n')
    folder = tmp_path / "logs"
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "access.log").write_text(GOOD)
    return folder / "access.log"


def cut_off(path: Path) -> None:
    path.write_bytes(gzip.compress(GOOD.encode() * 1000)[:20])


def holes(path: Path) -> None:
    path.touch()
    os.truncate(path, 3 * logs.LONGEST)


PLANTED: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a link elsewhere": lambda path: path.symlink_to("../secret"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "no gzip": lambda path: path.write_bytes(b"\x1f\x8b none"),
    "a gzip that is cut off": cut_off,
    "a line without an end": lambda path: path.write_bytes(b"x" * (3 * logs.LONGEST)),
    "a line of holes": holes,
}


@pytest.mark.parametrize("suffix", [".1", ".2.gz"])
@pytest.mark.parametrize("kind", PLANTED)
def test_it_is_neither_waited_for_nor_followed(log: Path, kind: str, suffix: str) -> None:
    PLANTED[kind](log.with_name(f"access.log{suffix}"))
    found = [line for line in logs.lines(log, 0) if "kept" in line or "secret" in line]
    assert GOOD in found, "the log itself was to be read"
    assert not any("secret" in line for line in found)


@pytest.mark.parametrize("kind", [kind for kind in PLANTED if "gzip" not in kind and "line" not in kind])
def test_nor_is_it_in_the_place_of_the_log(log: Path, kind: str) -> None:
    log.unlink()
    PLANTED[kind](log)
    assert [*logs.lines(log, 0)] == []


def test_a_line_that_is_too_long_does_not_count_and_the_next_does(log: Path) -> None:
    log.write_text("x" * (2 * logs.LONGEST + 5) + "\n" + GOOD)
    assert [*logs.lines(log, 0)] == [GOOD]


@pytest.mark.parametrize("name", ["access.log", "access.log.1", "access.log.1.gz"])
def test_more_than_can_be_read_is_refused_in_a_line(
    log: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "MOST", 1 << 20)
    content = bytes(2 << 20)
    log.with_name(name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    with pytest.raises(SystemExit, match=f"^{log} has more than .* for that time: ask for less of it$"):
        [*logs.lines(log, 0)]


def test_a_log_that_root_has_put_elsewhere_is_read(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text(GOOD)
    (tmp_path / "access.log").symlink_to("elsewhere")
    assert [*logs.lines(tmp_path / "access.log", 0)] == [GOOD]


SOUND = {
    "time": "2026-01-01T00:00:00+00:00",
    "id": "1",
    "client": "192.0.2.1",
    "method": "GET",
    "host": "www.example.com",
    "path": "/",
    "status": 200,
    "bytes_out": 1,
    "seconds": 0.1,
    "agent": "x",
}
ODD: tuple[Any, ...] = (None, [], {}, "x", 5, float("nan"), float("inf"), -float("inf"), 10**400, {"a": [1]})


@pytest.mark.parametrize("part", SOUND)
def test_a_line_of_other_kinds_of_values_ends_no_report(part: str) -> None:
    read = [json.dumps({**SOUND, part: odd}) for odd in ODD]
    read += ["[" * 100_000, "5", "null", json.dumps(SOUND)]
    found = report.summary(logs.requests(read, 0, access_log.request), None, 10)
    assert found["sites"]["www.example.com"]["requests"] >= 1


@pytest.mark.parametrize(
    ("status", "counts"), [(0, True), (599, True), (999, True), (-1, False), (1000, False)]
)
def test_a_status_that_there_is_not_does_not_count(status: int, *, counts: bool) -> None:
    """Each hundred of them is counted apart, for as long as there is memory."""
    read = [json.dumps({**SOUND, "status": status})]
    assert len([*logs.requests(read, 0, access_log.request)]) == counts
