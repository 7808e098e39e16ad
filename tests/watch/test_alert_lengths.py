"""An alert is as long as its channel takes, whatever an app has said: else nobody would be told at all."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploys.watch.onhost import alert, fitting
from tests.outside.endpoints import endpoint

LONG = {
    "lines as long as a journal's": "\n".join(f"    | {one} " + 2000 * "a" for one in range(15)),
    "one line": "    | " + 30_000 * "a",
    "lines without a letter": 9999 * "\n",
    "short lines": "\n".join(f"    | {one}" for one in range(9999)),
    "letters of four bytes": "\n".join(f"    | {one} " + 500 * "\U0001f600" for one in range(15)),
    "what would be obeyed": "\n".join(f"    | {one} " + 2000 * "@" for one in range(15)),
    "what grows in HTML": "\n".join(f"    | {one} " + 2000 * "&" for one in range(15)),
}
TAKE: dict[str, tuple[dict[str, Any], str, int]] = {
    "ntfy": ({"format": "ntfy"}, "", 4096),
    "Slack": ({"format": "slack"}, "text", 40_000),
    "Telegram": ({"format": "json", "body": {"text": "{title}\n{text}"}}, "text", 4096),
}
"""What a channel takes, in the field that has it: bytes of ntfy's, characters of the others'."""


@pytest.mark.parametrize("channel", TAKE)
@pytest.mark.parametrize("what", LONG)
def test_no_app_says_so_much_that_nobody_is_told(channel: str, what: str) -> None:
    webhook, field, most = TAKE[channel]
    with endpoint("127.0.0.1") as found:
        assert alert.send({"webhook": {**webhook, "url": found.url}}, "a" * 300, LONG[what]) == []
        body = found.next().body
    assert len(json.loads(body)[field] if field else body.encode()) <= most


@pytest.mark.parametrize("what", LONG)
def test_discord_takes_it_too(what: str) -> None:
    webhook = {"url": "https://discord.com/api/webhooks/1/x", "body": {"content": "{title}\n{text}"}}
    told = {"title": f"{'h' * 64}: {'@' * 200}", "text": LONG[what], "host": "h"}
    assert len(alert._for_people(webhook, told)["content"]) <= 2000


@given(
    lines=st.lists(
        st.builds(str.__add__, st.just("    | "), st.text(st.characters(exclude_characters="\n")))
    ),
    most=st.integers(1000, 4000),
)
@example(lines=["    | " + 300 * "a", *["    | b"] * 90], most=200)
def test_what_is_cut_is_quoted_still_and_begins_and_ends_as_it_did(lines: list[str], most: int) -> None:
    text = "\n".join(lines)
    cut = fitting.within(text, most)
    assert len(cut.encode()) <= most
    if len(text.encode()) <= most:
        assert cut == text
        return
    told = cut.split("\n")
    assert [line for line in told if not line.startswith("    | ") and "left out" not in line] == []
    assert told[-1][:20] == lines[-1][:20]
    assert told[0][:20] == lines[0][:20]
