"""Which configuration of nginx is live, and which one answers."""

from typing import Any

import pytest

from tests.conformance.wire import Request
from tests.proxies.nginx.conftest import SETTINGS
from tests.proxies.stage import Stage

OPERATION = "Make the nginx configuration live"


def site(**changes: Any) -> dict[str, Any]:
    return {"sites": {"shop.test": {**SETTINGS["sites"]["shop.test"], **changes}}}


def live(stage: Stage) -> str:
    return stage.server.run("readlink /etc/nginx/nginx.conf").stdout.strip()


def trees(stage: Stage) -> list[str]:
    return stage.server.run("ls -A /etc/nginx/gatehouse.d").stdout.split()


def limit(stage: Stage) -> int:
    """Tell which configuration answers, by how many megabytes it takes: 413, or "go on"."""
    for megabytes in (1, 2, 3, 4):
        headers = (("Content-Length", str(megabytes * 1024 * 1024 + 1)), ("Expect", "100-continue"))
        answer = stage.wire.send(Request("/x", method="POST", headers=headers))
        if answer.status == 413:
            return megabytes
    pytest.fail("no limit found")
