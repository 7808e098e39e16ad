"""FastAPI's experiment with a proxy and a prefix, by the one command that the page has for it."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.lab import Lab
from tests.lab.programs import program
from tests.lab.waiting import until

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/traefik.md").read_text()
(COMMAND,) = re.findall(r"^    python (-m deploys\.proxies\.traefik\.locally .*)$", PAGE, flags=re.M)

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone, and an app beside it with an environment of its own."""
    folder = tmp_path_factory.mktemp("beside")
    (folder / "gatehouse").mkdir()
    (folder / "gatehouse/deploys").symlink_to(ROOT / "deploys")
    shutil.copytree(ROOT / "tests/demo/demo", folder / "shop")
    (folder / "shop/.venv/bin").mkdir(parents=True)
    (folder / "shop/.venv/bin/uvicorn").symlink_to(Path(sys.executable).with_name("uvicorn"))
    return folder / "gatehouse"


@pytest.fixture(scope="module")
def url(lab: Lab, clone: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    path = f"{program(lab.layout, 'traefik').parent}:/usr/bin"
    # Whoever runs the tests in the background may have them ignore Ctrl-C, which a child inherits.
    command = ["env", "--default-signal=INT", sys.executable, *COMMAND.split(), "--port", str(port)]
    process = subprocess.Popen(command, cwd=clone, env={"PATH": path}, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    told = process.stdout.readline().strip()
    assert told == f"http://127.0.0.1:{port}/api/v1/docs"
    try:
        until(lambda: answers(told), within=60, otherwise="the documentation does not answer")
        yield told.removesuffix("/docs")
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


def answers(url: str) -> bool:
    try:
        return bool(get(url))
    except httpx.HTTPError:
        return False


def get(url: str) -> str:
    return httpx.get(url, trust_env=False, timeout=30).raise_for_status().text


def test_the_documentation_is_that_of_the_app_behind_its_prefix(url: str) -> None:
    assert "/api/v1/openapi.json" in get(f"{url}/docs")
    described = json.loads(get(f"{url}/openapi.json"))
    assert described["servers"] == [{"url": "/api/v1"}]


def test_the_app_is_asked_without_the_prefix_and_redirects_with_it(url: str) -> None:
    answer = httpx.get(f"{url}/items?a=1", trust_env=False, timeout=30)
    assert answer.headers["location"] == f"{url}/items/?a=1"
