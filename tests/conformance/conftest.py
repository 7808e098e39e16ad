"""The proxies under the suite: a booted server for each version, shared by all its cases."""

import pytest

from tests.conformance.settings import DEAD, POOL, PORTS, SETTINGS, STATIC
from tests.lab import Lab
from tests.proxies.stage import Stage

PROXIES = {"nginx-debian-12": "12", "nginx-debian-13": "13"}
LATER = {"nginx-debian-forky": "forky"}
"""What the suite has to pass before a release, and what it is too long to boot for every change."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave to `make test-all` what takes its time and hardly differs between versions."""
    for item in items:
        if (
            item.path.parent.name == "conformance"
            and "debian-12" in item.name
            and "test_case" not in item.name
        ):
            item.add_marker(pytest.mark.slow)


FILES = {
    "static/style.css": "body { color: black }\n" * 100,
    "static/plain.txt": "plain\n",
    "static/.hidden": "hidden\n",
    "static/sub/index.html": "<p>sub\n",
    "static-secret/key.txt": "secret\n",
    "spa/index.html": "<p>the app\n",
    "spa/sub/page.html": "<p>a page\n",
    "spa/help/index.html": "<p>help\n",
    "spa/app.js": "plain()\n",
    **{
        f"spa/{name}": "hashed()\n"
        for name in (
            *("main.3f2a1b9c.js", "css/site.5af66c1b1797.css", "chunk-77aa01bc.min.js", "main-ABC2DEF3.js"),
            *("assets/index-DiwrgTda.js", "assets/index-B_x-9dKq.css", "photo-20240115.jpg"),
            *("book-chapter12.txt", "assets/my-photo-20240115.jpg", "logo-DarkMode.svg"),
        )
    },
    "pages/index.html": "<p>pages\n",
}


@pytest.fixture(
    scope="session",
    params=[*PROXIES.items(), *(pytest.param(item, marks=pytest.mark.slow) for item in LATER.items())],
    ids=lambda item: item[0],
)
def stage(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    """A server with the proxy that is under test, and the suite's sites and apps."""
    name, debian = request.param
    made = Stage.on(lab, name, debian, SETTINGS)
    ports = {f"{app}-{slot}": port + (slot == "b") for app, port in PORTS.items() for slot in "ab"}
    for path, content in FILES.items():
        made.put_file(f"{STATIC}/{path}", content)
    made.server.run(f"gzip -kf {STATIC}/static/style.css")
    assert DEAD not in {*ports.values(), *POOL.values()}
    made.deploy().check()
    made.put_apps(ports | POOL)
    return made
