"""Without a proxy the load balancer alone gets in, and the app knows the true client: the proxies' table."""

import pytest

from tests.lab import Lab
from tests.proxies.edges import BY_HEADER, EDGE, FORGED, ITSELF, Row
from tests.proxies.none.asked import CUT_OFF
from tests.proxies.none.behind import Behind, demo

pytestmark = [pytest.mark.lab, pytest.mark.slow]

# No server of an app speaks the PROXY protocol, and none of them is asked by the CA.
ROWS = [row for row in BY_HEADER if row.tls and not row.first]


@pytest.fixture(scope="module", params=["13", "12"])
def behind(request: pytest.FixtureRequest, lab: Lab) -> Behind:
    apps = {"demo": demo("www.edges.test")}
    server = lab.up(f"none-edges-{request.param}", debian=request.param, furnished=True, nginx=False)
    found = Behind.on(lab, server, apps)
    found.deploy().check()
    return found


@pytest.mark.parametrize("row", ROWS, ids=map(str, ROWS))
def test_the_app_knows_the_client(behind: Behind, row: Row) -> None:
    who = behind.balancer if row.who == EDGE else behind.stranger
    at = str(behind.server.address6 if row.over_6 else behind.server.address)
    headers = [word.replace(EDGE, str(behind.balancer.address)) for word in row.headers]
    found = behind.ask("/echo", *headers, of=who, at=at)
    if row.who != EDGE or row.over_6:
        assert found == {"status": CUT_OFF}
        return
    assert row.told != ITSELF
    assert found["said"]["client"] == row.told
    assert FORGED not in str(found["said"]["headers"])
