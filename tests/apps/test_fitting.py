"""What an older version of a server, which the app brings, is run with."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from deploys.apps.servers import SERVERS, Run
from deploys.apps.wrapper.fitting import fitted, program

RUN = Run(port=20010, workers=3, threads=5, graceful=10)
ASK = """
import sys
from deploys.apps.wrapper.fitting import fitted
sys.stdout.write(" ".join(fitted(sys.argv[1], sys.argv[2:])))
"""


def bring(folder: Path, server: str, version: str, **modules: str) -> None:
    """Put what stands for a version of a server where Python finds it."""
    package = folder / server
    package.mkdir()
    for name, content in {"__init__": "", **modules}.items():
        (package / f"{name}.py").write_text(content)
    about = folder / f"{server}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {server}\nVersion: {version}\n")


def run(folder: Path, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env={"PYTHONPATH": f"{folder}:{Path.cwd()}"},
        capture_output=True,
        text=True,
        check=False,
    )


def gunicorn(*options: str) -> str:
    return (
        f"class Option:\n    cli = {options}\nclass Other:\n    cli = None\nKNOWN_SETTINGS = [Option, Other]"
    )


@pytest.mark.parametrize(
    ("known", "expected"),
    [(("--bind",), "app --bind x"), (("--bind", "--no-control-socket"), "app --bind x --no-control-socket")],
)
def test_what_gunicorn_has_not_yet_it_is_not_told_to_leave_out(
    tmp_path: Path, known: tuple[str, ...], expected: str
) -> None:
    bring(
        tmp_path,
        "gunicorn",
        "21.2.0",
        config=gunicorn("--worker-class", *known),
        workers="SUPPORTED_WORKERS = {}",
    )
    words = ["app", "--worker-class", "gthread", "--bind", "x", "--no-control-socket"]
    said = run(tmp_path, ASK, "gunicorn", *words)
    assert (said.stdout, said.stderr) == (expected.replace("app", "app --worker-class gthread"), "")


def test_gunicorn_stays_what_it_is_started_as(tmp_path: Path) -> None:
    modules = {"util": "", "pidfile": "class Pidfile:\n    def create(self, pid):\n        open('/run/x')"}
    bring(tmp_path, "gunicorn", "20.1.0", **modules)
    keep = (
        "from deploys.apps.wrapper.listen import take_over; take_over('gunicorn');"
        "import gunicorn.util as u, gunicorn.pidfile as p;"
        "print(u.set_owner_process(1, 2, initgroups=True), u.daemonize(False), p.Pidfile().create(3))"
    )
    said = run(tmp_path, keep)
    assert (said.stdout, said.stderr) == ("None None None\n", "")


@pytest.mark.parametrize(
    ("server", "version", "modules", "wanted"),
    [
        ("gunicorn", "23.0.0", {"config": gunicorn(), "workers": "SUPPORTED_WORKERS = {}"}, "24"),
        ("uvicorn", "0.20.0", {"main": "class main:\n    params = ()"}, "0.22"),
        ("granian", "1.6.4", {"cli": "class cli:\n    params = ()"}, "2.5"),
    ],
)
def test_one_that_is_too_old_is_refused_in_a_line(
    tmp_path: Path, server: str, version: str, modules: dict[str, str], wanted: str
) -> None:
    bring(tmp_path, server, version, **modules)
    said = run(tmp_path, ASK, server, "app", "--worker-class", "asgi")
    remedy = f"{server} {version} is too old: have the app ask for {server}>={wanted}"
    assert said.stderr.splitlines()[-1] == f"RuntimeError: {remedy}"


def test_gunicorn_is_too_old_behind_a_load_balancer_if_it_takes_one_header_for_another(
    tmp_path: Path,
) -> None:
    server, *words = SERVERS["wsgi", "gunicorn"].arguments(replace(RUN, idle_timeout=60))
    known = {word for word in words if word.startswith("--")}
    workers = "SUPPORTED_WORKERS = {}"
    bring(tmp_path, server, "21.2.0", config=gunicorn(*known - {"--header-map"}), workers=workers)
    said = run(tmp_path, ASK, server, *words)
    assert "gunicorn 21.2.0 is too old: have the app ask for gunicorn>=24" in said.stderr
    (tmp_path / server / "config.py").write_text(gunicorn(*known))
    assert run(tmp_path, ASK, server, *words).stdout == " ".join(words)


def test_uvicorn_is_run_with_all_that_it_is_told() -> None:
    server, *words = SERVERS["asgi", "uvicorn"].arguments(RUN)
    assert fitted(server, words) == words
    with pytest.raises(RuntimeError, match=r"uvicorn .+ is too old"):
        fitted(server, [*words, "--no-such-option"])


def test_every_version_can_be_run() -> None:
    assert [program(server) for server in ("uvicorn", "gunicorn")] == ["uvicorn", "gunicorn.app.wsgiapp"]
