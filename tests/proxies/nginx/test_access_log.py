"""What is read of nginx's access log."""

import gzip
import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploys.proxies.nginx.onhost import access_log
from deploys.proxies.onhost import logs


def line(age: int, **changes: Any) -> str:
    entry = {
        "time": datetime.fromtimestamp(time.time() - age, UTC).isoformat(),
        "id": "1d",
        "client": "192.0.2.1",
        "method": "GET",
        "host": "www.example.com",
        "path": "/",
        "status": 200,
        "bytes_out": 100,
        "seconds": 0.01,
        "agent": "Mozilla/5.0",
        **changes,
    }
    return json.dumps(entry) + "\n"


def test_rotated_logs_count_and_lines_that_are_cut_off_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "access.log"
    log.write_text(line(60) + line(50)[:40] + "\n" + line(40) + "17\n")
    (tmp_path / "access.log.1").write_text(line(3000))
    (tmp_path / "access.log.2.gz").write_bytes(gzip.compress((line(90_000) + line(4000)).encode()))
    old = tmp_path / "access.log.3.gz"
    old.write_bytes(b"not read at all")
    os.utime(old, (1, 1))
    monkeypatch.setattr(access_log, "LOG", log)
    found = access_log.main({"seconds": 7200, "site": None, "most": 10})
    assert found["sites"]["www.example.com"]["requests"] == 4


def test_each_request_is_told_in_the_words_of_the_report() -> None:
    read = [line(1, host="shop.example.com", status=502, seconds=1.5)]
    (request,) = logs.requests(read, 0, access_log.request)
    assert (request.site, request.status, request.seconds) == ("shop.example.com", 502, 1.5)
