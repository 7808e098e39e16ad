"""An nginx that would lose requests at a reload has its clients change connections first."""

import ssl
from collections.abc import Iterator

import httpx
import pytest
from websockets.sync.client import connect

from deploys.proxies.nginx.tree import RELOADS
from tests.proxies.stage import Stage

pytestmark = pytest.mark.lab


@pytest.fixture
def reloading(faulty: Stage) -> Iterator[Stage]:
    """A server as it is in the moment before a reload."""
    faulty.server.run(f"touch {RELOADS}")
    yield faulty
    faulty.server.run(f"rm -f {RELOADS}")


def connection_header(stage: Stage, *, http2: bool) -> list[str]:
    """Tell how an answer speaks of its connection."""
    context = ssl.create_default_context(cafile=str(stage.roots))
    transport = httpx.HTTPTransport(verify=context, http1=not http2, http2=http2, trust_env=False)
    with httpx.Client(transport=transport) as client:
        answer = client.get(
            f"https://{stage.server.address}/x",
            headers={"host": "shop.test"},
            extensions={"sni_hostname": "shop.test"},
        )
    assert answer.http_version == ("HTTP/2" if http2 else "HTTP/1.1")
    return answer.headers.get_list("connection")


def test_connections_are_kept(faulty: Stage) -> None:
    assert connection_header(faulty, http2=False) == ["keep-alive"]


def test_the_next_request_goes_elsewhere(reloading: Stage) -> None:
    assert "close" in connection_header(reloading, http2=False)


def test_http2_has_an_announcement_of_its_own(reloading: Stage) -> None:
    """It forbids this header (RFC 9113, section 8.2.2)."""
    assert connection_header(reloading, http2=True) == []


def test_websockets_open(reloading: Stage) -> None:
    context = ssl.create_default_context(cafile=str(reloading.roots))
    address = (str(reloading.server.address), 443)
    with connect("wss://shop.test/ws", address=address, ssl=context, close_timeout=0) as socket:
        socket.send("x")
        assert socket.recv() == "x"


def test_the_announcement_ends(faulty: Stage) -> None:
    """It is made only while somebody is connected, and taken back even if the reload fails."""
    context = ssl.create_default_context(cafile=str(faulty.roots))
    address = (str(faulty.server.address), 443)
    broken = "/etc/nginx/conf.d/broken.conf"
    with connect("wss://shop.test/ws", address=address, ssl=context, close_timeout=0):
        faulty.server.run("systemctl reload nginx")
        faulty.server.run(f"echo 'nonsense;' > {broken}")
        failed = faulty.server.run("systemctl reload nginx", check=False)
        faulty.server.run(f"rm {broken}")
    assert failed.returncode != 0
    assert connection_header(faulty, http2=False) == ["keep-alive"]
