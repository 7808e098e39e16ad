"""What a webhook gets, in each of the forms that it can ask for, and what is told when it takes nothing."""

import html
import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from deploys.onhost import words
from deploys.watch.onhost import alert
from tests.outside.endpoints import Mailbox, endpoint, mailbox

HOST = socket.getfqdn()
TITLE = f"{HOST}: a failed"


@pytest.mark.parametrize(
    ("webhook", "expected"),
    [
        ({"format": "slack"}, {"text": f"*{TITLE}*\nline 1\nline 2"}),
        ({"format": "json"}, {"title": TITLE, "text": "line 1\nline 2", "host": HOST}),
        (
            {"format": "json", "body": {"content": "{title} / {text}", "username": "gatehouse"}},
            {"content": f"{TITLE} / line 1\nline 2", "username": "gatehouse"},
        ),
    ],
)
def test_json(webhook: dict[str, Any], expected: dict[str, str]) -> None:
    with endpoint("127.0.0.1") as found:
        alerts = {"webhook": {**webhook, "url": found.url}}
        assert alert.send(alerts, "a failed", "line 1\nline 2") == []
        assert json.loads(found.next().body) == expected


SAYS = {
    "all of Discord": "@everyone",
    "who is there": "@here",
    "a person": "<@123>",
    "a role": "<@&123>",
    "a channel of Slack's": "<!channel>",
    "a room of Google's": "<users/all>",
    "a link of Slack's": "<https://evil.test|the status page>",
    "a link of Markdown's": "[the status page](https://evil.test)",
    "a picture, fetched by whoever reads": "![](https://evil.test/seen.png)",
    "a link by reference": "[the status page][1] [1]: https://evil.test",
    "HTML": '<a href="https://evil.test">the status page</a>',
    "a person of Teams'": "<at>everyone</at>",
}
OBEYED = re.compile(r"@\w|<[\w@!#&/]|\]\(|\]\[|\]:")
"""What a chat takes for more than text, as their own documentation has it."""
CHATS: dict[str, dict[str, Any]] = {
    "Discord": {"format": "json", "body": {"content": "{title}: {text}"}},
    "Teams": {"format": "json", "body": {"title": "{title}", "text": "{text}"}},
    "Slack, and what is like it": {"format": "slack"},
}


@pytest.mark.parametrize("chat", CHATS)
@pytest.mark.parametrize("what", SAYS)
def test_what_a_stranger_says_does_nothing_in_a_chat(chat: str, what: str) -> None:
    assert OBEYED.search(SAYS[what])
    with endpoint("127.0.0.1") as found:
        alerts = {"webhook": {**CHATS[chat], "url": found.url}}
        assert alert.send(alerts, f"a {SAYS[what]}", SAYS[what]) == []
        post = json.loads(found.next().body)
    assert [value for value in post.values() if OBEYED.search(value)] == []
    seen = html.unescape("".join(post.values())).replace("\u200b", "")
    assert seen.count(SAYS[what]) == 2, "people read what it said"


@pytest.mark.parametrize(
    ("url", "is_told"),
    [
        ("https://discord.com/api/webhooks/1/x", True),
        ("https://ptb.discord.com/api/webhooks/1/x", True),
        ("https://discordapp.com/api/webhooks/1/x", True),
        ("https://hooks.example.com/discord.com", False),
        ("https://notdiscord.com/", False),
    ],
)
def test_discord_is_told_to_call_nobody(url: str, is_told: bool) -> None:
    webhook = {"format": "json", "url": url, "body": {"content": "{text}"}}
    body = alert._for_people(webhook, {"title": "a", "text": "@everyone", "host": "web1"})
    assert (body.get("allowed_mentions") == {"parse": []}) == is_told
    assert body["content"] == "@\u200beveryone"


def test_a_program_gets_what_was_said_as_it_was() -> None:
    with endpoint("127.0.0.1") as found:
        assert alert.send({"webhook": {"format": "json", "url": found.url}}, "a", "<a@b.test>") == []
        assert json.loads(found.next().body)["text"] == "<a@b.test>"


def test_ntfy() -> None:
    with endpoint("127.0.0.1") as found:
        alerts = {"webhook": {"format": "ntfy", "url": found.url, "headers": {"Authorization": "Bearer x"}}}
        assert alert.send(alerts, "a failed", "größer\nline 2") == []
        post = found.next()
    assert (post.headers["Title"], post.headers["Authorization"]) == (TITLE, "Bearer x")
    assert post.body == "größer\nline 2"


@pytest.mark.parametrize("title", ["größer", f"a {'b' * 400}", "\u4e2d\u6587", "a failed"])
def test_a_title_of_any_letters_gets_to_ntfy(title: str) -> None:
    with endpoint("127.0.0.1") as found:
        alerts = {"webhook": {"format": "ntfy", "url": found.url}}
        assert alert.send(alerts, title, "line 1") == []
        sent = found.next().headers["Title"]
    assert sent.isascii()
    assert str(make_header(decode_header(sent))) == f"{HOST}: {words.shown(title, alert.MOST)}"


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with mailbox("127.0.0.1", port) as found:
        yield found


def text_of(mail: Message) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_a_mail_is_well_formed(box: Mailbox) -> None:
    """As RFC 5322, section 3.6, demands; and no two have one identifier."""
    sent = time.time()
    for _ in range(2):
        assert alert.send({"mail": box.settings}, "a failed", "größer\nline 2") == []
    first, second = box.next(), box.next()
    assert parsedate_to_datetime(first["Date"]).timestamp() >= int(sent)
    assert re.fullmatch(rf"<[^<>@\s]+@{re.escape(HOST)}>", first["Message-ID"])
    assert first["Message-ID"] != second["Message-ID"]
    assert first["From"] == "server@gatehouse.test"
    assert first["To"] == "ops@gatehouse.test, night@gatehouse.test"
    assert first["Subject"] == TITLE


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Try each channel once, and wait for nothing."""
    monkeypatch.setattr(alert, "TRIES", 1)


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_no_delivery_and_learns_no_secret(status: int) -> None:
    with endpoint("127.0.0.2") as elsewhere:
        with endpoint("127.0.0.1", status, {"Location": f"{elsewhere.url}/s3cret"}) as found:
            alerts = {"webhook": {"format": "ntfy", "url": found.url, "headers": {"Authorization": "s3cret"}}}
            failed = alert.send(alerts, "a failed", "line 1")
        assert failed == ["the alert by webhook failed: it redirects to http://127.0.0.2/...: write that URL"]
        assert elsewhere.posts.empty()


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("/alerts/s3cret", "http://(the same host)/...: write that URL"),
        ("https://127.0.0.1/s3cret", "https://(the same host)/...: write that URL"),
        ("https://user:s3cret@b.test:8443/", "https://b.test/...: write that URL"),
        ("https://b.test\x1b2J/", "https://b.test\\x1b2j/...: write that URL"),
        ("https://[bad/", "what is no URL"),
        ("data:,s3cret", "what is no URL"),
    ],
)
def test_where_a_redirect_leads(location: str, expected: str) -> None:
    with endpoint("127.0.0.1", 302, {"Location": location}) as found:
        failed = alert.send({"webhook": {"format": "json", "url": found.url}}, "a failed", "line 1")
    assert failed == [f"the alert by webhook failed: it redirects to {expected}"]


@contextmanager
def saying(answer: bytes) -> Iterator[str]:
    """Answer one request with these bytes, at a URL."""

    def serve() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
            # To close with a part of the request unread would be a reset.
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/s3cret"
        thread.join()


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"SSH-2.0-OpenSSH_10.0\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + 200 * b"a: b\r\n", "HTTPException"),
        (b"HTTP/1.1 403 \x1b[2J\r\n\r\n", "HTTP Error 403: \\x1b[2J"),
        (b"HTTP/1.1 500 " + 300 * b"a" + b"\r\n\r\n", f"HTTP Error 500: {183 * 'a'}\u2026"),
        (b"", "Remote end closed connection without response"),
    ],
)
def test_whatever_a_webhook_answers_the_other_channels_have_their_turn(
    answer: bytes, expected: str, box: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    with saying(answer) as url:
        alerts = {"webhook": {"format": "json", "url": url}, "mail": box.settings}
        with pytest.raises(SystemExit) as ended:
            alert.deliver(alerts, "a failed", "l\ufffdne 1")
    assert ended.value.code == f"the alert by webhook failed: {expected}"
    mail = box.next()
    assert (mail["Subject"], text_of(mail).splitlines()[0]) == (TITLE, "l\ufffdne 1")
    assert "s3cret" not in capsys.readouterr().err


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:1/a s3cret", "InvalidURL"),
        ("http://127.0.0.1:1/s3cret/\u00fc", "UnicodeEncodeError"),
        ("http://127.0.0.1:s3cret/", "InvalidURL"),
    ],
)
def test_a_url_that_cannot_be_asked_is_not_shown(url: str, expected: str) -> None:
    failed = alert.send({"webhook": {"format": "json", "url": url}}, "a failed", "line 1")
    assert failed == [f"the alert by webhook failed: {expected}"]


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("kinds", [[], ["webhook"], ["mail"], ["webhook", "mail"]])
def test_a_unit_is_kept_quiet_about_only_when_somebody_was_told(
    kinds: list[str], box: Mailbox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark = tmp_path / "run" / "a.service"
    channels: dict[str, Any] = {
        "webhook": {"format": "json", "url": "http://127.0.0.1:1/"},
        "mail": box.settings,
    }
    alerts = {kind: channels[kind] for kind in kinds}
    if kinds == ["mail"]:
        alert.deliver(alerts, "a failed", "line 1", mark)
    else:
        with pytest.raises(SystemExit):
            alert.deliver(alerts, "a failed", "line 1", mark)
    assert mark.exists() == ("mail" in kinds)
    assert ("told by mail\n" in capsys.readouterr().err) == ("mail" in kinds), (
        "expected who took it to be told"
    )


@pytest.mark.parametrize(("age", "quiet"), [(0, True), (590, True), (610, False), (-3600, False)])
def test_a_unit_is_kept_quiet_about_for_ten_minutes(age: int, *, quiet: bool, tmp_path: Path) -> None:
    mark = tmp_path / "a.service"
    assert not alert.was_told(mark)
    mark.touch()
    os.utime(mark, (time.time() - age,) * 2)
    assert alert.was_told(mark) == quiet
