"""The examples of the pages about sites and nginx are settings that are taken, and do what is said."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.conformance.tables.forwarded import CASES
from tests.conformance.wire import Request
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.nginx.quickly import make_live
from tests.proxies.nginx.trees import render
from tests.proxies.nginx.typical import MACHINES
from tests.proxies.stage import Stage

ROOT = Path(__file__).parents[3]
EXAMPLES = [
    pytest.param(example, id=f"{page}-{number}")
    for page in ("sites.md", "nginx.md")
    for number, example in enumerate(
        re.findall(r"^```python\n(.*?)^```", (ROOT / "docs" / page).read_text(), flags=re.M | re.S)
    )
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_is_taken(example: str) -> None:
    app = {"source": ".", "asgi": "app:app"}
    settings: dict[str, Any] = {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": {**app, "port": 20000}, "api": {**app, "port": 20010}},
        "upstreams": {"legacy": {"servers": ["192.0.2.7:8000"]}},
        "sites": {"example.net": {"routes": {"/": {"app": "shop"}}}},
    }
    exec(example, settings)  # noqa: S102  # the page's own
    del settings["__builtins__"]
    used = str(settings["sites"])
    settings["apps"] = {name: own for name, own in settings["apps"].items() if repr(name) in used}
    assert render(settings, MACHINES["forky"])["nginx.conf"]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10


@pytest.fixture
def with_snippet(faulty: Stage, tmp_path: Path) -> Iterator[Stage]:
    """A server with the snippet of the page, and an app in both slots."""
    text = (ROOT / "docs/nginx.md").read_text()
    found = re.search(r"^    # nginx/shop\.conf\n(?:    .*\n)+", text, flags=re.M)
    assert found
    (tmp_path / "shop.conf").write_text(dedent(found.group()))
    site = {**SETTINGS["sites"]["shop.test"], "snippets": [str(tmp_path / "shop.conf")]}
    faulty.deploy(sites={"shop.test": site}).check()
    faulty.put_apps({"shop-a": 20100, "shop-b": 20101})
    yield faulty
    make_live(faulty, faulty.render())
    faulty.put_apps({"shop": 20100})


@pytest.mark.newest
@pytest.mark.lab
@pytest.mark.slow
def test_the_snippet_lets_no_lie_through_and_follows_the_traffic(with_snippet: Stage) -> None:
    status = Request("/status?a=%2F")
    cases = [case for case in CASES if case.request.target in {"/", "/x"} and not case.request.raw]
    assert len(cases) >= 20
    for case in cases:
        replace(case, request=replace(case.request, target=status.target)).check(
            with_snippet.wire.send(replace(case.request, target=status.target)), with_snippet.client
        )
    slots = []
    for move in ("true", "touch /var/lib/gatehouse/live/shop-b", "rm /var/lib/gatehouse/live/shop-b"):
        with_snippet.server.run(move)
        seen = with_snippet.wire.send(status).seen
        assert seen["target"] == status.target
        slots.append(seen["app"])
    assert slots == ["shop-a", "shop-b", "shop-a"]
