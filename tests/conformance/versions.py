"""One request over each version of HTTP."""

import asyncio
import socket
import ssl
from pathlib import Path

from aioquic.asyncio.client import connect
from aioquic.asyncio.protocol import QuicConnectionProtocol
from aioquic.h3.connection import H3Connection, H3Stream
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.events import ConnectionTerminated, QuicEvent, StreamReset
from h2 import events as h2_events
from h2.connection import H2Connection

from tests.conformance.wire import TIMEOUT, Answer, Request
from tests.proxies.stage import Stage

Headers = list[tuple[str, str]]

_ENDS = (h2_events.StreamEnded, h2_events.StreamReset, h2_events.ConnectionTerminated)


def over_http1(stage: Stage, request: Request) -> Answer:
    return stage.wire.send(request)


def over_http2(stage: Stage, request: Request) -> Answer:
    """Send as much of the body as the proxy takes, and read until the end of the answer."""
    http = H2Connection()
    context = ssl.create_default_context(cafile=str(stage.roots))
    context.set_alpn_protocols(["h2"])
    status: int | None = None
    headers: Headers = []
    body, left = b"", request.body
    with (
        socket.create_connection((str(stage.server.address), 443), timeout=TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=request.host) as link,
    ):
        http.initiate_connection()
        http.send_headers(1, _fields(request), end_stream=not left)
        while True:
            while left and (most := min(http.local_flow_control_window(1), http.max_outbound_frame_size)):
                http.send_data(1, left[:most], end_stream=len(left) <= most)
                left = left[most:]
            link.sendall(http.data_to_send())
            received = link.recv(65536)
            if not received:
                return Answer(status, tuple(headers), body)
            for event in http.receive_data(received):
                if isinstance(event, h2_events.ResponseReceived):
                    headers = [(name.decode(), value.decode()) for name, value in event.headers]
                    status = int(dict(headers)[":status"])
                elif isinstance(event, h2_events.DataReceived):
                    body += event.data
                elif isinstance(event, _ENDS):
                    return Answer(status, tuple(headers), body)


class Bodiless(H3Connection):
    """One that misses nothing of what an answer to HEAD leaves out (RFC 9110, section 9.3.2)."""

    def _check_content_length(self, stream: H3Stream) -> None: ...


class Http3(QuicConnectionProtocol):
    """One request over HTTP/3."""

    def ask(self, request: Request) -> "asyncio.Future[Answer]":
        self.http = (Bodiless if request.method == "HEAD" else H3Connection)(self._quic)
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.headers: Headers = []
        self.body = b""
        stream = self._quic.get_next_available_stream_id()
        fields = [(name.encode(), value.encode()) for name, value in _fields(request)]
        self.http.send_headers(stream, fields, end_stream=not request.body)
        if request.body:
            self.http.send_data(stream, request.body, end_stream=True)
        self.transmit()
        return self.answer

    def quic_event_received(self, event: QuicEvent) -> None:
        for received in self.http.handle_event(event) if hasattr(self, "http") else ():
            if isinstance(received, HeadersReceived):
                self.headers = [(name.decode(), value.decode()) for name, value in received.headers]
            elif isinstance(received, DataReceived):
                self.body += received.data
            if getattr(received, "stream_ended", False):
                self._end()
        if isinstance(event, StreamReset | ConnectionTerminated) and hasattr(self, "http"):
            self._end()

    def _end(self) -> None:
        if not self.answer.done():
            status = int(dict(self.headers)[":status"]) if self.headers else None
            self.answer.set_result(Answer(status, tuple(self.headers), self.body))


def over_http3(stage: Stage, request: Request, shows: Path | None = None) -> Answer:
    """Send it and read the answer.

    Args:
        stage: whom it goes to.
        request: what is asked.
        shows: a file with a certificate and its key, by which the client shows who it is.

    """
    return asyncio.run(_over_http3(stage, request, shows))


async def _over_http3(stage: Stage, request: Request, shows: Path | None) -> Answer:
    settings = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name=request.host)
    settings.load_verify_locations(str(stage.roots))
    if shows:
        settings.load_cert_chain(shows, shows)
    address = str(stage.server.address)
    async with connect(address, 443, configuration=settings, create_protocol=Http3) as link:
        assert isinstance(link, Http3)
        return await asyncio.wait_for(link.ask(request), timeout=TIMEOUT)


def _fields(request: Request) -> Headers:
    pseudo = {
        ":method": request.method,
        ":scheme": "https",
        ":authority": request.host,
        ":path": request.target,
    }
    length = [("content-length", str(len(request.body)))] if request.body else []
    return [*pseudo.items(), *length, *((name.lower(), value) for name, value in request.headers)]
