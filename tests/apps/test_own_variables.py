"""A release starts, and has its own path, whatever the app's variables say of Python and of servers."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from deploys.apps.build import FILES
from deploys.apps.servers import SERVERS, Run
from deploys.apps.wrapper.listen import HELD
from deploys.config import App
from deploys.env_file import with_env_file

APP = """
import json, multiprocessing, os, sys
import beside

async def app(scope, receive, send):
    assert scope["type"] == "http"
    is_worker = multiprocessing.parent_process() is not None
    said = {"path": sys.path, "PYTHONPATH": os.environ.get("PYTHONPATH"), "is_worker": is_worker}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(said).encode()})
"""
RUN = Run(port=20010, workers=1, threads=1, graceful=1)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """What a release has of an app whose module is in its code, beside modules by the names of ours."""
    files = {f"gatehouse/{name}": content for name, content in FILES.items()}
    files |= {"code/shop.py": APP, "code/beside.py": "", "code/listen.py": "1/0", "code/lib/of_lib.py": ""}
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path


@contextmanager
def started(release: Path, variables: Mapping[str, str], workers: int) -> Iterator[dict[str, Any]]:
    """Start it as its unit does, at a socket that is handed to it, and give its answer."""
    words = SERVERS["asgi", "uvicorn"].arguments(replace(RUN, workers=workers))
    command = [sys.executable, str(release / "gatehouse"), *words]
    with socket.create_server(("127.0.0.1", 0)) as held:
        hand_over = ["/bin/bash", "-c", f'exec "$0" "$@" {HELD}<&{held.fileno()}', *command]
        env = {"PATH": os.environ["PATH"], "GATEHOUSE_ASGI": "shop:app", **variables}
        with subprocess.Popen(
            hand_over,
            env=env,
            cwd=release / "code",
            pass_fds=[held.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        ) as server:
            host, port = held.getsockname()
            client = HTTPConnection(host, port, timeout=30)
            try:
                client.request("GET", "/")
                yield json.load(client.getresponse())
            finally:
                server.terminate()
                assert server.stderr
                sys.stderr.write(server.stderr.read())


VARIABLES: list[dict[str, str]] = [
    {},
    {"PYTHONPATH": ""},
    {"PYTHONPATH": "."},
    {"PYTHONPATH": "lib:."},
    {"PYTHONPATH": "/nowhere"},
    {"PYTHONPATH": "gatehouse_server"},
    {"PYTHONSAFEPATH": "1"},
    {"PYTHONDONTWRITEBYTECODE": "", "PYTHONUNBUFFERED": ""},
    {"WEB_CONCURRENCY": "3"},
    {"UVICORN_WORKERS": "3", "UVICORN_PORT": "1", "UVICORN_HOST": "nowhere.invalid"},
]


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("variables", VARIABLES, ids=str)
def test_it_starts(release: Path, variables: dict[str, str], workers: int) -> None:
    with started(release, variables, workers) as said:
        assert said["PYTHONPATH"] == variables.get("PYTHONPATH"), "expected the app's own word, and no other"
        assert said["is_worker"] == (workers > 1), "expected as many workers as the settings say"


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("said", "expected"), [(".", "code"), ("lib", "code/lib"), ("../other", "other")])
def test_a_path_is_relative_to_the_directory_that_it_runs_in(
    release: Path, said: str, expected: str, workers: int
) -> None:
    with started(release, {"PYTHONPATH": said}, workers) as found:
        paths = [os.path.realpath(release / "code" / path) for path in found["path"]]
        assert paths[0] == str(release / "code")
        assert str(release / expected) in paths


@pytest.mark.parametrize("name", ["PYTHONPATH", "PYTHONSAFEPATH", "WEB_CONCURRENCY", "LD_PRELOAD"])
def test_such_a_variable_may_be_the_apps_own_wherever_it_comes_from(tmp_path: Path, name: str) -> None:
    (tmp_path / ".env").write_text(f"{name}=x\n")
    settings = {"source": ".", "asgi": "shop:app"}
    assert App.model_validate(settings | {"env": {name: "x"}}).env == {name: "x"}
    of_secrets = App.model_validate(settings | {"secrets": {name: {"env": "X"}}})
    of_a_file = with_env_file(App.model_validate(settings | {"env_file": str(tmp_path / ".env")}), "shop")
    assert [*of_secrets.secrets] == [*of_a_file.secrets] == [name]
