"""On the host: access logs, read with those rotated away; each proxy has its own words for a request."""

import gzip
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from deploys.onhost import files
from deploys.reports.onhost import report

MOST = 16 << 30
"""Bytes that are read of all logs, unpacked."""
MOST_LOGS = 10_000
_LARGEST = 1 << 60
_NO_STATUS = 1000
"""HTTP's have three digits; each hundred of them is counted apart."""
LONGEST = 1 << 20
"""Bytes of a line; a longer one does not count."""


def lines(log: Path, since: float) -> Iterator[str]:
    """Read the log and those rotated away, the oldest first, but none that ended before the time.

    They lie where the proxy's user writes: what is no regular file there, or is damaged, does not count.

    Raises:
        SystemExit: there is more than can be read.

    """
    left = MOST
    for path in _of_the_time(log, since):
        with suppress(OSError, EOFError, zlib.error), _unpacked(path) as file:
            goes_on = False
            while piece := file.readline(LONGEST):
                left -= len(piece)
                if left < 0:
                    sys.exit(f"{log} has more than {MOST >> 30} GB for that time: ask for less of it")
                is_whole = piece.endswith(b"\n")
                if not goes_on and (is_whole or len(piece) < LONGEST):
                    yield piece.decode(errors="replace")
                goes_on = not is_whole


def _of_the_time(log: Path, since: float) -> "list[Path]":
    found = []
    for name in islice((name for name in files.entries(log.parent) if name.startswith(log.name)), MOST_LOGS):
        with suppress(OSError), files.regular(log.parent / name) as file:
            ended = os.fstat(file.fileno()).st_mtime
            if ended >= since:
                found.append((ended, log.parent / name))
    return [path for _, path in sorted(found)]


@contextmanager
def _unpacked(path: Path) -> "Iterator[BinaryIO | gzip.GzipFile]":
    with files.regular(path) as file:
        if path.suffix != ".gz":
            yield file
            return
        with gzip.GzipFile(fileobj=file) as unpacked:
            yield unpacked


def requests(
    read: Iterable[str], since: float, parsed: "Callable[[dict[str, Any]], report.Request]"
) -> Iterator[report.Request]:
    """Parse the lines that are of the time; a line that was cut off does not count.

    Args:
        read: each in JSON.
        since: seconds since 1970.
        parsed: makes a request of what is in one.

    """
    for line in read:
        try:
            request = parsed(json.loads(line))
            # Python before 3.11 does not know the Z.
            ended = datetime.fromisoformat(request.time.replace("Z", "+00:00")).timestamp()
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
            continue
        if ended >= since and _is_sound(request):
            yield request


def _is_sound(request: report.Request) -> bool:
    """Say whether each part is of its kind, as one that the proxy has written is."""
    texts = (request.id, request.client, request.method, request.site, request.path, request.agent)
    numbers = (request.status, request.bytes_out, request.seconds)
    return (
        all(isinstance(text, str) for text in texts)
        and all(isinstance(number, (int, float)) and abs(number) < _LARGEST for number in numbers)
        and 0 <= request.status < _NO_STATUS
    )
