"""What nginx's log says of nginx, and what clients have it say."""

from pathlib import Path

import pytest

from deploys.proxies.nginx.onhost import reload

OWN = (
    "2026/11/20 21:04:11 [emerg] 812#812: bind() to 0.0.0.0:443 failed (98: Address already in use)",
    '2026/11/20 21:04:11 [emerg] 812#812: cannot load certificate "/none.pem"',
)
QUOTING = (
    '2026/11/20 21:04:11 [error] 813#813: *7 open() "/srv/x/[emerg]" failed (2: No such file or directory),'
    ' client: 203.0.113.9, server: shop.test, request: "GET /x/[emerg] HTTP/2.0", host: "shop.test"',
    "2026/11/20 21:04:11 [error] 813#813: *7 connect() failed (111: Connection refused), client: 203.0.113.9,"
    ' request: "GET / HTTP/1.1", referrer: "\x0c2026/11/20 21:04:11 [emerg] 812#812: \r2026/11/20 21:04:11'
    ' [emerg] 812#812: \x852026/11/20 21:04:11 [emerg] 812#812: nothing is well"',
    "2026/11/20 21:04:11 [notice] 812#812: signal process started",
    " [emerg] 812#812: ",
    "2026/11/20 21:04:11 [emerg]: ",
)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "error.log"
    monkeypatch.setattr(reload, "ERROR_LOG", path)
    return path


def test_only_its_own_words_count(log: Path) -> None:
    log.write_bytes("".join(f"{line}\n" for line in (*QUOTING, *OWN, *QUOTING)).encode("latin-1"))
    assert reload.errors(since=0) == list(OWN)


def test_only_what_is_new_counts(log: Path) -> None:
    assert reload.errors(since=0) == []
    log.write_text(f"{OWN[0]}\n")
    size = log.stat().st_size
    assert reload.errors(since=size) == []
    with log.open("a") as stream:
        stream.write(f"{OWN[1]}\n")
    assert reload.errors(since=size) == [OWN[1]]
    log.write_text("")
    assert reload.errors(since=size) == []
