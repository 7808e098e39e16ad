"""Whatever a stranger says, no row of the operator's terminal begins as a line of gatehouse's own does.

Those begin in the first columns; what a stranger says is quoted, or stands further to the right.
"""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pyte
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyinfra import logger

from deploys import login_shell, session, terminal
from deploys.command import main
from deploys.command.screen import Log, Progress, Screen
from deploys.command.usage import Wrong
from deploys.exit_codes import WRONG
from deploys.folding import harmless
from deploys.onhost.words import QUOTE, quoted
from deploys.tables import table
from deploys.verification.claims import Seen
from deploys.verification.operations import table as claims

FORGED = (
    "✓ shop: give the traffic to release 99",
    "✗ no",
    "web1: 1 change",
    "gatehouse: all is well",
    "--> a",
)
PADDING = st.sampled_from(
    [" ", "x", "漢", "é", "e\u0301", "\t", "❤\ufe0f", "\U0001f1e6", "\u202e", "a b ", "|"]
)
WORDS = st.lists(
    st.one_of(
        st.sampled_from(FORGED),
        st.tuples(PADDING, st.integers(1, 210)).map(lambda pair: pair[0] * pair[1]),
        st.sampled_from([QUOTE, "\n", "\r", "\x1b[2J", "\x1b[31m"]),
        st.text(max_size=20),
    ),
    min_size=1,
    max_size=8,
).map("".join)
WIDTHS = st.integers(20, 200)


class Terminal(io.StringIO):
    """A terminal that has a width, and no descriptor."""

    def isatty(self) -> bool:
        return True


@contextmanager
def at_terminal(columns: int) -> Iterator[Terminal]:
    """Have all that is told go to a terminal."""
    got = Terminal()
    with patch.dict("os.environ", COLUMNS=str(columns)), patch.multiple(sys, stdout=got, stderr=got):
        yield got


def rows(said: str, columns: int) -> list[str]:
    """Give the rows that a terminal shows, each as it begins."""
    screen = pyte.Screen(columns, 400)
    pyte.Stream(screen).feed(said.replace("\n", "\r\n"))
    return [row.rstrip() for row in screen.display if row.strip()]


def by_a_command_of_the_app_s(words: str) -> None:
    session._pass_on(io.BytesIO(f"{login_shell.BEGINS}\n{words}".encode()), sys.stdout)


def by_a_failing_step(words: str) -> None:
    screen = Screen()
    for line in quoted(words).split("\n"):
        screen.note(f"  {line}")


def by_what_is_logged(words: str) -> None:
    log = Log(Screen(), Progress(Screen(), looks=False, ticks=False))
    log.is_executing = True
    record = logging.LogRecord("deploys", logging.INFO, __file__, 1, f"shop: {words}", None, None)
    for known in [known for known in logger.filters if isinstance(known, logging.Filter)]:
        known.filter(record)
    log.emit(record)


def by_a_refusal(words: str) -> None:
    main._refused(Wrong(harmless(f"web1: {words}")), WRONG)


def by_a_table(words: str) -> None:
    terminal.tell("\n".join(table(["count", "what"], [["1", words]], terminal.width())))


def by_a_claim(words: str) -> None:
    terminal.tell("\n".join(claims([Seen("answers", holds=False, evidence=words)], terminal.width())))


def by_what_is_under_way(words: str) -> None:
    terminal.show(f"  build ({words})")


WAYS: dict[str, tuple[Callable[[str], None], tuple[str, ...]]] = {
    "a command of the app's": (by_a_command_of_the_app_s, ()),
    "a step that fails": (by_a_failing_step, ()),
    "what is logged": (by_what_is_logged, ("  shop:",)),
    "a table": (by_a_table, ("count", "1")),
    "a claim": (by_a_claim, ("✗ answers",)),
    "what is under way": (by_what_is_under_way, ("  build (",)),
}
"""By where a stranger's words come from: how they are told, and what the rows begin with that are ours."""


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=60, deadline=None)
@given(words=WORDS, columns=WIDTHS)
@example(words="x" * 74 + FORGED[0], columns=80)
@example(words=" " * 300 + FORGED[0], columns=80)
@example(words="é" * 80 + FORGED[0], columns=80)
@example(words="x" * 100 + "\n" + FORGED[0], columns=80)
def test_no_row_begins_as_one_of_ours(way: str, words: str, columns: int) -> None:
    tell, ours = WAYS[way]
    with at_terminal(columns) as got:
        tell(words)
    strange = [row for row in rows(got.getvalue(), columns) if not row.startswith(ours)]
    assert [row for row in strange if not row.startswith((QUOTE.rstrip(), " " * 4))] == []


@settings(max_examples=40, deadline=None)
@given(words=WORDS.filter(lambda words: len(words.splitlines()) == 1), columns=WIDTHS)
@example(words="x" * 80 + FORGED[0], columns=80)
def test_no_refusal_goes_on_as_another_line(words: str, columns: int) -> None:
    with at_terminal(columns) as got:
        by_a_refusal(words)
    first, *strange = rows(got.getvalue(), columns)
    assert first.startswith("gatehouse: web1:")
    assert [row for row in strange if not row.startswith(" " * 4)] == []


@pytest.mark.parametrize("columns", [20, 80, 200])
def test_what_no_terminal_reads_is_not_folded(columns: int, capsys: pytest.CaptureFixture[str]) -> None:
    with patch.dict("os.environ", COLUMNS=str(columns)):
        terminal.tell("x" * 500)
    assert capsys.readouterr().out == f"{'x' * 500}\n"
