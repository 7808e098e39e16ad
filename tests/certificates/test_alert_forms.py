"""What a webhook gets, in each of the forms that it can ask for."""

import json
import socket
from typing import Any

import pytest

from deploys.certificates import remote_alert
from tests.certificates.endpoints import endpoint

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
        assert remote_alert.send(alerts, "a failed", "line 1\nline 2") == []
        assert json.loads(found.next().body) == expected


def test_ntfy() -> None:
    with endpoint("127.0.0.1") as found:
        alerts = {"webhook": {"format": "ntfy", "url": found.url, "headers": {"Authorization": "Bearer x"}}}
        assert remote_alert.send(alerts, "a failed", "größer\nline 2") == []
        post = found.next()
    assert (post.headers["Title"], post.headers["Authorization"]) == (TITLE, "Bearer x")
    assert post.body == "größer\nline 2"
