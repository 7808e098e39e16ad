"""A server that a source or its submodules are fetched from holds up no run, and fills no memory."""

import socketserver
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.apps import checkout, in_time, remote_git
from deploys.apps.reading import read_source
from deploys.config.sources import GitSource
from deploys.refusal import Refusal
from tests.apps.test_submodules import with_submodule
from tests.lab.waiting import until
from tests.serving import serving


class Silent(socketserver.BaseRequestHandler):
    """Takes what comes, and says nothing."""

    def handle(self) -> None:
        while self.request.recv(1000):
            pass


class Talkative(socketserver.BaseRequestHandler):
    """Names branches without an end, as git's protocol has them (gitprotocol-pack(5))."""

    def handle(self) -> None:
        self.request.recv(1000)
        try:
            for number in range(10_000_000):
                line = f"{number:040x} refs/heads/{number}" + ("\0 \n" if number == 0 else "\n")
                self.request.sendall(f"{len(line) + 4:04x}{line}".encode())
        except OSError:
            pass


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def served(request: pytest.FixtureRequest) -> Iterator[str]:
    server = _Server(("127.0.0.1", 0), request.param)
    with serving(server):
        yield f"git://127.0.0.1:{server.server_address[1]}/x"


@pytest.fixture(autouse=True)
def _bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(remote_git, "PATIENCE", 2)
    monkeypatch.setattr(in_time, "MOST_SAID", 1 << 20)
    checkout.commits.clear()


@pytest.mark.parametrize(
    ("served", "words"),
    [(Silent, "git came to no end in time"), (Talkative, "git (said more than 1 MB|came to no end in time)")],
    indirect=["served"],
)
@pytest.mark.parametrize("as_submodule", [False, True])
def test_it_is_told_of_in_a_line(tmp_path: Path, served: str, words: str, *, as_submodule: bool) -> None:
    if as_submodule:
        with_submodule(tmp_path / "top", served, "1" * 40, {"main.py": ""})
    source = GitSource(git=str(tmp_path / "top") if as_submodule else served, ref="main")
    begun = time.monotonic()
    with pytest.raises(Refusal, match=f"^key: '{source.git}': {words}") as refusal:
        read_source(source, "key")
    assert time.monotonic() - begun < 30
    assert "\n" not in str(refusal.value)
    assert "or fetch it yourself into a directory" in str(refusal.value)


def script(folder: Path, content: str) -> str:
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\n{content}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path.name


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_says_too_much_is_ended(tmp_path: Path, stream: str) -> None:
    name = script(tmp_path, f"import sys\nwhile True: sys.{stream}.write('x' * 100_000)")
    with pytest.raises(in_time.Endless, match="said more than 1 MB"):
        in_time.run([name], {"PATH": str(tmp_path)}, time.monotonic() + 20)


def test_what_it_has_started_ends_with_it(tmp_path: Path) -> None:
    name = script(
        tmp_path,
        f"import os, time\nif not os.fork():\n    open('{tmp_path}/child', 'w').write(str(os.getpid()))\n"
        "time.sleep(600)",
    )
    with pytest.raises(in_time.Endless, match="came to no end"):
        in_time.run([name], {"PATH": str(tmp_path)}, time.monotonic() + 2)
    child = Path("/proc", (tmp_path / "child").read_text(), "stat")
    until(lambda: has_ended(child), within=30, otherwise="what it has started goes on")


def has_ended(process: Path) -> bool:
    return not process.exists() or process.read_text().rpartition(")")[2].split()[0] in "ZX"


def test_a_file_of_more_than_any_source_has_is_not_written(tmp_path: Path) -> None:
    name = script(tmp_path, f"open('{tmp_path}/file', 'wb').truncate(3 << 30)")
    assert in_time.run([name], {"PATH": str(tmp_path)}, time.monotonic() + 20).returncode
    assert (tmp_path / "file").stat().st_size == 0


def test_what_ends_by_itself_is_given_whole(tmp_path: Path) -> None:
    name = script(tmp_path, "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(3)")
    done = in_time.run([name], {"PATH": str(tmp_path)}, time.monotonic() + 20)
    assert (done.returncode, done.stdout, done.stderr) == (3, b"out\n", b"err\n")
    with pytest.raises(FileNotFoundError):
        in_time.run(["nothing-of-the-kind"], {"PATH": str(tmp_path)}, time.monotonic() + 20)
