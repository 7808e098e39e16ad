"""The proxies under the suite: a booted server for each version, shared by all its cases."""

from pathlib import Path
from typing import NamedTuple

import pytest

from deploys.config.proxies import ProxyName
from deploys.proxies.table import PROXIES
from tests.conformance.cases import Case
from tests.conformance.settings import DEAD, POOL, PORTS, SETTINGS, STATIC, able
from tests.lab import Lab
from tests.proxies.stage import Stage, chosen_proxy

HERE = Path(__file__).parent


class Under(NamedTuple):
    """A proxy under the suite, and what its server runs."""

    proxy: ProxyName
    debian: str
    later: bool = False
    """Whether the suite has to pass there before a release, and is too long to boot it for every change."""
    tables_alone: bool = False
    """Whether the cases of the tables are all that is asked there, each by a request or two."""

    @property
    def id(self) -> str:
        return f"{self.proxy}-debian-{self.debian}"


UNDER = (
    Under("nginx", "12"),
    Under("nginx", "13"),
    Under("caddy", "13"),
    Under("nginx", "forky", later=True),
    Under("traefik", "13", later=True),
    # The program is the same one as on 13: the Debian decides how it is started, what it may read and what is
    # beside it, which the tables show; time-outs, limits and protocols are its own.
    Under("caddy", "12", later=True, tables_alone=True),
    Under("traefik", "12", later=True, tables_alone=True),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a proxy refuses, or is not asked there; and leave some to `make test-all`."""
    left_out: set[pytest.Item] = set()
    for item in items:
        callspec = getattr(item, "callspec", None)
        params: dict[str, object] = callspec.params if callspec else {}
        under, case = params.get("stage"), params.get("case")
        if item.path.parent != HERE or not isinstance(under, Under):
            continue
        needs = [*(need for mark in item.iter_markers("needs") for need in mark.args)]
        needs += case.needs if isinstance(case, Case) else ()
        if {*needs} & PROXIES[under.proxy].lacks.keys() or (under.tables_alone and not case):
            left_out.add(item)
        elif under.debian == "12" and not case:  # which hardly differs between versions
            item.add_marker(pytest.mark.slow)
    config.hook.pytest_deselected(items=[*left_out])
    items[:] = [item for item in items if item not in left_out]


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
            *("_app/immutable/entry/start.CqGyjLyV.js", "assets/hero-Cx7f3QpL.png"),
            *("assets/logo-DarkMode.svg", "assets/terms-Germany2.pdf", "assets/User.Settings.json"),
            "Report-VERSION2.pdf",
        )
    },
    "pages/index.html": "<p>pages\n",
}


@pytest.fixture(
    scope="session",
    params=[pytest.param(one, id=one.id, marks=[pytest.mark.slow] * one.later) for one in UNDER],
)
def stage(request: pytest.FixtureRequest, lab: Lab) -> Stage:
    """A server with the proxy that is under test, and the suite's sites and apps."""
    under: Under = request.param
    chosen = chosen_proxy(lab, under.proxy)
    settings = able({**SETTINGS, **chosen}, PROXIES[under.proxy].lacks)
    made = Stage.on(lab, under.id, under.debian, settings)
    ports = {f"{app}-{slot}": port + (slot == "b") for app, port in PORTS.items() for slot in "ab"}
    for path, content in FILES.items():
        made.put_file(f"{STATIC}/{path}", content)
    made.server.run(f"gzip -kf {STATIC}/static/style.css")
    assert DEAD not in {*ports.values(), *POOL.values()}
    made.deploy().check()
    made.put_apps(ports | POOL)
    return made
