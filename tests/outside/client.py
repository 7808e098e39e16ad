"""An HTTP client that resolves names as the lab does and trusts the lab's CA, and nothing else."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect


@dataclass(frozen=True)
class Outside:
    """A view of one site on one server from another machine.

    Args:
        domain: the site's name.
        address: the server's address, which stands in for the name's DNS record.
        roots: a PEM file with the only roots that are trusted.
        app_ports: where the site's apps listen, which must not answer from outside.
        timeout: seconds to wait for each connection and answer.

    """

    domain: str
    address: str
    roots: Path
    app_ports: tuple[int, ...] = ()
    timeout: float = 60.0

    def tls(self) -> ssl.SSLContext:
        """Make a context that verifies chain and name against the given roots alone."""
        return ssl.create_default_context(cafile=str(self.roots))

    @contextmanager
    def client(self, *, http2: bool = False) -> Iterator[httpx.Client]:
        """Give a client that keeps its connections open and follows no redirects."""
        transport = httpx.HTTPTransport(verify=self.tls(), http2=http2, trust_env=False)
        with httpx.Client(transport=transport, timeout=self.timeout, trust_env=False) as client:
            yield client

    def get(self, url: str, **arguments: Any) -> httpx.Response:
        """Send one GET: to a path of the site over HTTPS, or to a whole `http://` or `https://` URL."""
        return self.request("GET", url, **arguments)

    def request(self, method: str, url: str, *, http2: bool = False, **arguments: Any) -> httpx.Response:
        """Send one request on a connection of its own."""
        with self.client(http2=http2) as client:
            return self.send(client, method, url, **arguments)

    def send(self, client: httpx.Client, method: str, url: str, **arguments: Any) -> httpx.Response:
        """Send a request on the client's connections."""
        return client.send(self._request(client, method, url, **arguments))

    @contextmanager
    def stream(self, url: str, **arguments: Any) -> Iterator[httpx.Response]:
        """Give the answer to one GET as soon as its head is there; its body can be read meanwhile."""
        with self.client() as client:
            answer = client.send(self._request(client, "GET", url, **arguments), stream=True)
            with closing(answer):
                yield answer

    def _request(self, client: httpx.Client, method: str, url: str, **arguments: Any) -> httpx.Request:
        target = httpx.URL(url if "://" in url else f"https://{self.domain}{url}")
        headers = {"host": target.netloc.decode(), **arguments.pop("headers", {})}
        return client.build_request(
            method,
            target.copy_with(host=self.address),
            headers=headers,
            extensions={"sni_hostname": target.host},
            **arguments,
        )

    @contextmanager
    def websocket(self, path: str, **arguments: Any) -> Iterator[ClientConnection]:
        """Open a WebSocket to a path of the site."""
        # The client reads and writes in two threads, which OpenSSL promises nothing about: the tickets that
        # TLS 1.3 sends after its handshake are read while the request is written, and that may get lost.
        context = self.tls()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        with (
            socket.create_connection((self.address, 443), timeout=self.timeout) as raw,
            connect(
                f"wss://{self.domain}{path}",
                sock=raw,
                ssl=context,
                proxy=None,
                open_timeout=self.timeout,
                **arguments,
            ) as opened,
        ):
            yield opened

    def certificate(self, name: str | None = None) -> dict[str, Any]:
        """Fetch the verified certificate that is served for the site's name, or for another."""
        server_name = name or self.domain
        with (
            socket.create_connection((self.address, 443), timeout=self.timeout) as raw,
            self.tls().wrap_socket(raw, server_hostname=server_name) as wrapped,
        ):
            found = wrapped.getpeercert()
            assert found, f"{server_name} serves no certificate"
            return dict(found)

    def answers(self, port: int) -> bool:
        """Say whether anything accepts connections on a TCP port."""
        try:
            socket.create_connection((self.address, port), timeout=self.timeout).close()
        except OSError:
            return False
        return True

    def own_address(self) -> str:
        """Give the address that we have when we talk to the server."""
        with socket.create_connection((self.address, 443), timeout=self.timeout) as raw:
            return str(raw.getsockname()[0])
