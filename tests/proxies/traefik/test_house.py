"""What a server with Traefik has besides what every proxy has: a log that is watched, and ports of root."""

import pytest

from deploys.proxies.traefik.onhost import where
from tests.house import House

pytestmark = [
    pytest.mark.lab,
    pytest.mark.slow,
    pytest.mark.parametrize(
        "routed", [("traefik", "13"), ("traefik", "12")], ids="-".join, indirect=True, scope="session"
    ),
]


def test_a_log_that_clients_fill_is_rotated_within_minutes(routed: House) -> None:
    log = f"{where.LOGS}/access.log"
    routed.server.run(f"yes '{{}}' | head -c 110M >> {log}")
    assert routed.server.run(f"systemctl is-active {where.LOGS_TIMER}").stdout.strip() == "active"
    routed.server.run(f"systemctl start {where.LOGS_UNIT}")
    routed.outside.get("/after-it-was-full")
    assert int(routed.server.run(f"stat -c %s {log}").stdout) < 1_000_000
    assert routed.server.run(f"grep -c after-it-was-full {log}").stdout.strip() == "1"


def test_no_app_reaches_what_is_root_s(routed: House) -> None:
    for port in (where.API_PORT, where.PAGES_PORT):
        code = f"import socket; socket.create_connection(({where.LOOPBACK!r}, {port}), 5)"
        routed.server.run(f"python3 -c {code!r}")
        done = routed.server.run(f"runuser -u app-demo -- python3 -c {code!r}", check=False)
        assert "ConnectionRefusedError" in done.stderr or "ConnectionResetError" in done.stderr, done.stderr
    code = f"import socket; socket.create_server(({where.LOOPBACK!r}, 885))"
    done = routed.server.run(f"runuser -u app-demo -- python3 -c {code!r}", check=False)
    assert "PermissionError" in done.stderr
