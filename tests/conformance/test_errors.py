"""What the proxy answers itself: the page of its status, whatever the method, the body and the protocol."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import pytest

from deploys.places.sites import MAINTENANCE
from deploys.proxies.caddy.onhost import places
from tests.conformance.differences import instead
from tests.conformance.test_protocols import with_http3
from tests.conformance.versions import over_http1, over_http2, over_http3
from tests.conformance.wire import Answer, Request
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab

SITE = "faulty.test"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY")
NOTHING, LITTLE, MORE_THAN_THE_SITE, MORE_THAN_THE_ROUTE = 0, 1_000, 300_000, 3 * 1024 * 1024 + 1
SIZES = (NOTHING, LITTLE, MORE_THAN_THE_SITE, MORE_THAN_THE_ROUTE)

Send = Callable[[Stage, Request], Answer]


@dataclass(frozen=True)
class Kind:
    """Something that the proxy answers itself."""

    status: int | None
    target: str
    deed: str = ""
    of_files: bool = False
    """Whether a route of files answers, which takes as much as the site, and knows but two methods."""

    def expected(self, method: str, size: int) -> tuple[int | None, ...]:
        """Give the statuses that will do; none where the connection may be cut."""
        found: tuple[int | None, ...] = (self.status,)
        if self.of_files and method not in {"GET", "HEAD"}:
            found = (404, 405)
        # Which of two reasons is told is each proxy's own choice.
        return (*found, 413, None) if size > (LITTLE if self.of_files else MORE_THAN_THE_SITE) else found


MALFORMED = ("errors", "what is malformed, over HTTP/2 and HTTP/3")
KINDS = {
    "malformed": Kind(400, "/app/%zz"),
    "no such file": Kind(404, "/none.txt", of_files=True),
    "too often": Kind(429, "/closed/x"),
    "the app leaves": Kind(502, "/app/x", "vanish"),
    "nobody listens": Kind(502, "/dead/x"),
    "maintenance": Kind(503, "/app/x"),
    "the app takes too long": Kind(504, "/slow/x", "sleep:30"),
}


# Traefik gives requests no ids.
LOGS = {"nginx": "/var/log/nginx/access.log", "caddy": str(places.ACCESS_LOG)}

OF_NO_SITE = {"caddy": {400}}
"""What a proxy answers before it is known which site was asked, and so without a page of the site's."""

NEEDS: dict[int | None, tuple[str, ...]] = {
    429: ("sites.*.routes.*.limits.rate", "sites.*.error_pages.!503"),
    503: (),
}
"""What a kind is about, by its status, where that is not just a page of one's own."""
EVERY = [
    pytest.param(name, marks=pytest.mark.needs(*NEEDS.get(kind.status, ("sites.*.error_pages.!503",))))
    for name, kind in KINDS.items()
]


@contextmanager
def brought_about(stage: Stage, kind: Kind) -> Iterator[None]:
    mark = f"{MAINTENANCE}/{SITE}"
    if kind.status != 503:
        yield
        return
    stage.server.run(f"touch {mark}")
    stage.obey()
    try:
        yield
    finally:
        stage.server.run(f"rm -f {mark}")
        stage.obey()


def wrong(stage: Stage, kind: Kind, send: Send) -> list[str]:
    """Ask with every method and size, and say which answers are not as they must be."""
    if kind.status == 400 and send is not over_http1:
        kind = replace(kind, status=instead(stage.proxy.name, *MALFORMED).get("status", 400))

    def ask(case: tuple[str, int]) -> tuple[str, int, Answer]:
        method, size = case
        if kind.status == 429:
            # The one of this minute, which may be another than that of the case before.
            stage.wire.send(Request(kind.target, host=SITE))
        headers = (("X-Do", kind.deed),) if kind.deed else ()
        request = Request(kind.target, host=SITE, method=method, headers=headers, body=b"x" * size)
        return method, size, send(stage, request)

    with brought_about(stage, kind), ThreadPoolExecutor(8) as pool:
        answers = [*pool.map(ask, product(METHODS, SIZES))]
    logged = None if kind.of_files or stage.proxy.name not in LOGS else methods_logged(stage)
    return [
        f"{method} of {size}: {problem}"
        for method, size, answer in answers
        for problem in problems(stage.proxy.name, kind, (method, size), answer, logged)
    ]


def problems(
    proxy: str, kind: Kind, asked: tuple[str, int], answer: Answer, logged: dict[str, str] | None
) -> Iterator[str]:
    method, size = asked
    expected = kind.expected(method, size)
    if answer.status not in expected:
        yield f"status {answer.status}, not {' or '.join(map(str, expected))}"
    if answer.status is None:
        return
    if method == "HEAD" and answer.body:
        yield f"a body, {answer.body[:60]!r}"
    if answer.status in OF_NO_SITE.get(proxy, ()):
        return
    page = f"the page of {answer.status}".encode()
    if method != "HEAD" and page not in answer.body:
        yield f"not its page, but {answer.body[:60]!r}"
    if not str(answer.header("content-type")).startswith("text/html"):
        yield f"type {answer.header('content-type')}"
    if logged is None:
        return
    seen = logged.get(str(answer.header("x-request-id")), "nothing")
    # Of a malformed request over HTTP/2, nginx has no words to log.
    unknown = {""} if kind.status == 400 else set()
    if seen not in {method, *unknown}:
        yield f"{seen} is in the log"


def methods_logged(stage: Stage) -> dict[str, str]:
    """Give the method that the log tells, by the request's id."""
    said = stage.server.run(f"cat {LOGS[stage.proxy.name]}").stdout
    # The package has logged in a form of its own until it got its configuration.
    lines: list[dict[str, Any]] = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {line["id"]: line["method"] if "method" in line else line["request"]["method"] for line in lines}


@pytest.mark.parametrize("kind", EVERY)
def test_the_page_of_its_status(stage: Stage, kind: str) -> None:
    assert wrong(stage, KINDS[kind], over_http1) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", EVERY)
def test_the_page_of_its_status_over_http2(stage: Stage, kind: str) -> None:
    assert wrong(stage, KINDS[kind], over_http2) == []


@pytest.fixture(scope="module")
def over_quic(stage: Stage) -> Iterator[bool]:
    """Say whether the site has HTTP/3 now, which a proxy without it refuses."""
    sites = with_http3(stage)
    if stage.refusals(sites=sites):
        assert "has no HTTP/3" in stage.deploy(sites=sites).output
        yield False
        return
    stage.deploy(sites=sites).check()
    yield True
    stage.deploy().check()


@pytest.mark.parametrize("kind", EVERY)
def test_the_page_of_its_status_over_http3(stage: Stage, kind: str, *, over_quic: bool) -> None:
    assert wrong(stage, KINDS[kind], over_http3 if over_quic else over_http2) == []
