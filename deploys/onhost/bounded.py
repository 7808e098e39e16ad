"""Anywhere: an answer by HTTP from whoever it may be, which comes to an end in time."""

import http.client
import io
import socket
import time
from typing import Any

from deploys.onhost import heads

MOST = 1 << 20
"""Bytes of an answer that are read."""


def answer(connection: http.client.HTTPConnection, seconds: float) -> http.client.HTTPResponse:
    """Take the answer to what was asked; `getresponse` waits anew for each byte, and for ever for the last.

    Args:
        connection: what was asked by.
        seconds: how long all of it may take.

    Returns:
        The answer; of its headers, `Content-Type` is left out.

    Raises:
        OSError: it came to no end.

    """
    response = http.client.HTTPResponse(connection.sock, method="GET")
    response.fp.close()
    response.fp = heads.Lines(_Bounded(connection.sock, seconds))
    response.begin()
    return response


class _Bounded(io.RawIOBase):
    def __init__(self, source: socket.socket, seconds: float) -> None:
        self._source, self._deadline, self._left = source, time.monotonic() + seconds, MOST

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0 or self._left <= 0:
            raise TimeoutError("its answer comes to no end")
        self._source.settimeout(left)
        count = self._source.recv_into(buffer, min(len(buffer), self._left))
        self._left -= count
        return count
