"""Two runs that change nginx at the same time: one after the other, and neither undoes what the other did."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.conformance.wire import Request
from tests.lab.waiting import until
from tests.provision import Run
from tests.proxies.nginx import stand_in
from tests.proxies.nginx.going_live import OPERATION, limit, site, trees
from tests.proxies.nginx.quickly import make_live
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab

SLOW = """\
#!/bin/sh
# In the place of nginx: waits as long as it is told to.
while [ -e /run/wait ]; do sleep 0.1; done
exec /usr/sbin/nginx.real "$@"
"""
AT_WORK = "ls -l /proc/[0-9]*/fd 2> /dev/null | grep -c 'gatehouse/nginx[.]lock$' || true"


@pytest.fixture
def stage(faulty: Stage) -> Iterator[Stage]:
    yield faulty
    faulty.server.run("rm -f /run/wait")
    stand_in.remove(faulty.server)
    make_live(faulty, faulty.render())
    assert faulty.wire.send(Request("/x")).status == 200


def at_work(stage: Stage, count: int) -> None:
    """Wait until so many runs are about to change nginx."""
    until(lambda: int(stage.server.run(AT_WORK).stdout) == count, within=60, otherwise=f"not {count} at work")


@contextmanager
def both(stage: Stage, first: dict[str, Any], second: dict[str, Any]) -> Iterator[list[Future[Run]]]:
    """Have a run in the middle of its work while another one begins, whose turn it is afterwards."""
    stand_in.put(stage.server, SLOW)
    stage.server.run("touch /run/wait")
    with ThreadPoolExecutor() as pool:
        try:
            runs = [pool.submit(stage.deploy, **first)]
            at_work(stage, 1)
            runs.append(pool.submit(stage.deploy, **second))
            at_work(stage, 2)
            yield runs
        finally:
            stage.server.run("rm -f /run/wait")


def test_the_second_does_not_undo_what_the_first_did(stage: Stage) -> None:
    with both(stage, site(max_body="3m"), site(max_body="4m")) as (first, second):
        stage.server.run("rm /run/wait")
        assert first.result().check().changed == [OPERATION]
        refused = second.result()
    assert refused.code != 0
    words = "nginx: nothing was changed, as another run has just changed it; run this one again"
    assert words in refused.output
    assert "Traceback" not in refused.output
    assert limit(stage) == 3
    assert len(trees(stage)) == 2
    assert stage.deploy(**site(max_body="4m")).check().changed == [OPERATION]
    assert limit(stage) == 4


@pytest.mark.slow
def test_two_with_the_same_settings_both_end_well(stage: Stage) -> None:
    with both(stage, site(max_body="3m"), site(max_body="3m")) as runs:
        stage.server.run("rm /run/wait")
        for run in runs:
            assert run.result().check().changed == [OPERATION]
    assert limit(stage) == 3
    assert stage.deploy(**site(max_body="3m")).check().changed == []


@pytest.mark.slow
def test_a_run_that_dies_holds_up_nobody(stage: Stage) -> None:
    with both(stage, site(max_body="3m"), site(max_body="4m")) as (first, second):
        testing = "pgrep -o -f 'sh /usr/sbin/nginx -t'"
        stage.server.run(f"kill -9 $(ps -o ppid= -p $({testing}))")
        assert first.result().code != 0
        stage.server.run("rm /run/wait")
        assert second.result().check().changed == [OPERATION]
    assert limit(stage) == 4
