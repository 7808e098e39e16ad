"""An app that was taken over: it serves, and at every moment tries all that it is told to."""

import json
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from . import trying

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

WORDS: dict[str, Any] = trying.table()

trying.remember("start")
if "last words" in WORDS and "dies" in WORDS:
    os.write(2, WORDS["last words"].encode("utf-8", "surrogateescape"))
    os._exit(1)


AS_A_MAIL = b"HTTP/1.1 500 x\r\n" + b"Content-Type: message/rfc822\r\r" * 2000 + b"\r\n\r\n"
"""An answer in whose head Python would find mails in mails."""


def serve_without_end(served: bytes) -> None:
    """Take the socket from the server, and promise an answer over and over, but to what is `served`."""
    listener = socket.socket(fileno=3)
    listener.setblocking(True)
    while True:
        client, _ = listener.accept()
        if os.fork():
            client.close()
            continue
        if served and served in client.recv(4000):
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            os._exit(0)
        if "as a mail" in WORDS:
            client.recv(4000)
            client.sendall(AS_A_MAIL)
            os._exit(0)
        while True:
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


if "without end" in WORDS or "as a mail" in WORDS:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    serve_without_end(WORDS.get("without end", "").encode())


async def app(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        while True:
            event = await receive()
            if event["type"] == "lifespan.shutdown":
                trying.remember("stop")
            await send({"type": event["type"] + ".complete"})
            if event["type"] == "lifespan.shutdown":
                return
    headers = []
    body = "{}"
    if scope["path"] == "/try":
        trying.remember("run")
    elif scope["path"] == "/elsewhere":
        headers = [(b"x-accel-redirect", scope["query_string"])]
    elif scope["path"] == "/about":
        body = json.dumps({"pid": os.getpid(), "uid": os.getuid()})
    elif scope["path"] == "/crash":
        trying.remember("crash")
        os.write(2, WORDS.get("last words", "").encode("utf-8", "surrogateescape"))
        os.kill(os.getpid(), signal.SIGKILL)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body.encode()})
