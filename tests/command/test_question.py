"""The question before a change: enter alone goes on, and nothing else does."""

import io

import pytest

from deploys.command.question import ask
from deploys.command.usage import Wrong


@pytest.mark.parametrize("typed", ["\n", "  \n"])
def test_enter_goes_on(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    said: list[str] = []
    ask(said.append)
    assert said == ["Press enter to go on; Ctrl-C changes nothing."]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "nobody answered, nothing was changed; add --yes to go on without a question"),
        ("n\n", "'n' is no yes, nothing was changed; just press enter to go on"),
        ("yes\n", "'yes' is no yes, nothing was changed; just press enter to go on"),
        ("no", "'no' is no yes, nothing was changed; just press enter to go on"),
    ],
)
def test_all_else_changes_nothing(monkeypatch: pytest.MonkeyPatch, typed: str, words: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(Wrong) as refused:
        ask(lambda _: None)
    assert str(refused.value) == words
