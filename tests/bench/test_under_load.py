"""A load on a server of this process, while things go on: the rows that there are then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from tests.bench import targets, under_load
from tests.bench.report import Report
from tests.bench.setting import Setting
from tests.bench.under_load import Act, CutShortError
from tests.lab.waiting import until
from tests.outside.client import Outside
from tests.proxies.none.behind import Plain

RATE = 100


class App(ThreadingHTTPServer):
    """Answers with a status, and counts connections."""

    request_queue_size = 128
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.status, self.connections = 200, 0

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that has gone."""


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: App

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "10")
        self.end_headers()
        self.wfile.write(b'{"pid": 1}')

    do_POST = do_GET  # noqa: N815

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[App]:
    with App() as app:
        thread = Thread(target=app.serve_forever)
        thread.start()
        yield app
        app.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("roots") / "ca.pem"
    trustme.CA().cert_pem.write_to_path(path)
    return path


@pytest.fixture
def load(app: App, roots: Path) -> Callable[..., Plain]:
    def make(keeps: float = 60) -> Plain:
        outside = Outside("app.test", "127.0.0.1", roots)
        return Plain(outside, RATE, sockets=0, port=app.server_address[1], keeps=keeps)

    return make


def test_what_goes_on_and_how_much_is_asked_meanwhile(load: Callable[..., Plain]) -> None:
    report, loads, done = _report(), {"one": load(), "two": load()}, list[int]()
    acts = [Act("2 deploys", [lambda: done.append(1), lambda: done.append(2)], 60), Act("nothing", [])]
    under_load.measure(report, loads, acts, rest=0.3)
    assert done == [1, 2]
    assert [row.cells[:2] for row in report.rows] == [
        (by, meanwhile) for by in loads for meanwhile in ("at rest", "2 deploys", "nothing")
    ]
    answered = [int(row.cells[2]) for row in report.rows if row.cells[1] == "2 deploys"]
    assert min(answered) >= 60
    assert _missed(report) == []


def test_what_fails_is_of_the_act_in_which_it_did(app: App, load: Callable[..., Plain]) -> None:
    report, one = _report(), load()

    def is_down() -> None:
        app.status = 503
        until(lambda: len(one.tally.failures) >= 3, within=30, otherwise="nothing failed")
        app.status = 200
        # What was on its way has an answer before the next act begins.
        before = one.tally.answered
        until(lambda: one.tally.answered > before + 10, within=30, otherwise="nothing is answered")

    under_load.measure(report, {"app": one}, [Act("down", [is_down]), Act("up", [], 10)], rest=0.3)
    assert [row.cells[1] for row in report.rows] == ["at rest", "down", "up"]
    (missed,) = _missed(report)
    assert missed.startswith("part: app, down: ")
    assert missed.endswith(" failed")


@pytest.mark.parametrize("ended", [KeyboardInterrupt, AssertionError])
def test_what_is_cut_short_has_a_row(load: Callable[..., Plain], ended: type[BaseException]) -> None:
    report = _report()

    def end() -> None:
        raise ended

    with pytest.raises(ended):
        under_load.measure(report, {"app": load()}, [Act("3 deploys", [end] * 3, 60)], rest=0.3)
    assert [row.cells[1] for row in report.rows] == ["at rest", "3 deploys, cut short"]
    assert _missed(report) == [], "how much was answered is no matter then"


def test_after_the_step_in_which_it_was_ended_there_is_none(load: Callable[..., Plain]) -> None:
    report, done = _report(), list[int]()

    def step() -> None:
        done.append(1)
        report.over.set()

    with pytest.raises(CutShortError):
        under_load.measure(report, {"app": load()}, [Act("3 deploys", [step] * 3)], rest=0.3)
    assert done == [1]


def test_a_connection_idle_for_longer_than_it_is_kept_is_not_used(
    app: App, load: Callable[..., Plain]
) -> None:
    with _some(load(keeps=0)) as count:
        assert app.connections >= count
    app.connections = 0
    with _some(load(keeps=60)) as count:
        assert app.connections < count


def test_releases_come_with_as_many_requests_as_are_promised() -> None:
    (deploys, back) = under_load.releasing(Setting(), lambda: None, Act("back", []))
    assert (deploys.name, len(deploys.steps), deploys.least) == ("20 deploys", 20, targets.REQUESTS)
    assert back.name == "back"


def _missed(report: Report) -> list[str]:
    """List what is not as promised, but for how long it took on a machine that has other work."""
    return [what for what in report.missed if "the slowest took" not in what]


@contextmanager
def _some(load: Plain) -> Iterator[int]:
    with load.running():
        until(lambda: load.tally.answered > 30, within=30, otherwise="nothing is answered")
    assert load.tally.failures == []
    yield load.tally.answered


def _report() -> Report:
    report = Report("part", lambda line: None)
    under_load.begin(report, "a server of this process", "by", Setting())
    return report
