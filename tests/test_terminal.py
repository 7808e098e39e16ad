"""Whatever is printed, the terminal obeys nothing but pyinfra's own colours."""

import logging
import re
import socket
import threading

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyinfra import logger
from pyinfra.connectors.util import CommandOutput, OutputLine

from deploys import terminal
from deploys.connection import said_by_host
from deploys.folding import fitting, harmless
from deploys.refusal import Refusal
from deploys.tables import table
from tests.provision import pyinfra

FORGED = "\x1b]0;title\x07\x9b2J\r\u202e"
HARMLESS = r"\x1b]0;title\x07\x9b2J\r\u202e"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (FORGED, HARMLESS),
        ("one\ntwo\tthree", "one\ntwo\tthree"),
        (click.style("red", "red", bold=True), "\x1b[31m\x1b[1mred\x1b[0m"),
        ("\x1b[8mhidden\x1b[4;3H", r"\x1b[8mhidden\x1b[4;3H"),
    ],
)
def test_harmless(text: str, expected: str) -> None:
    assert harmless(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("[web]     | " + "x" * 30, ["[web]     | xxxxxxxx", "    | xxxxxxxxxxxxxx", "    | xxxxxxxx"]),
        ("[web] shop: " + "y" * 20, ["[web] shop: yyyyyyyy", "      yyyyyyyyyyyy"]),
        ("[web] shop: yyyy yyyyyyyyyy", ["[web] shop: yyyy", "      yyyyyyyyyy"]),
        (click.style("z" * 21, "red"), ["\x1b[31m" + "z" * 20, "      z\x1b[0m"]),
        ("\N{FULLWIDTH LATIN SMALL LETTER A}" * 11, ["\uff41" * 10, "      \uff41"]),
        ("\N{REGIONAL INDICATOR SYMBOL LETTER A}" * 11, ["\U0001f1e6" * 10, "      \U0001f1e6"]),
        ("a\tb\tc\td", ["a\tb\tc", "      \td"]),
    ],
)
def test_what_is_wider_than_the_terminal_is_folded(line: str, expected: list[str]) -> None:
    assert harmless(line, columns=20).split("\n") == expected


@given(text=st.text(), columns=st.one_of(st.none(), st.integers(40, 80)))
def test_nothing_else_gets_through(text: str, columns: int | None) -> None:
    found = re.sub(r"\x1b\[(?:[012]|[39][0-7])m|[\n\t]", "", harmless(text, columns))
    assert not found or found.isprintable()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", ""),
        ("as it is", "as it is"),
        ("a longer line", "a longer"),
        ("alongerline", "alongerlin"),
        ("漢" * 9, "漢" * 5),
        ("a" + "漢" * 9, "a" + "漢" * 4),
    ],
)
def test_what_is_shown_in_one_row_fits_there(line: str, expected: str) -> None:
    """Else a stranger's words would begin the next one."""
    assert fitting(line, 10) == expected


def test_the_log_the_echo_refusals_and_tables_are_harmless(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.guard()
    heard: list[str] = []
    handler = logging.Handler()
    monkeypatch.setattr(handler, "emit", lambda record: heard.append(record.getMessage()))
    logger.addHandler(handler)
    try:
        logger.error("%s: 100%% %s", "shop", FORGED)
    finally:
        logger.removeHandler(handler)
    assert heard == [f"shop: 100% {HARMLESS}"]
    terminal.tell(FORGED)
    assert capsys.readouterr().out == f"{HARMLESS}\n"
    assert str(Refusal(f"a\n{FORGED}")) == f"a\n{HARMLESS}"
    assert list(table(["of"], [[FORGED]])) == ["of", HARMLESS]


def test_what_a_host_says_is_printable() -> None:
    def run(*_: object, **__: object) -> tuple[bool, CommandOutput]:
        return False, CommandOutput([OutputLine("stderr", f"\x1b[31m{FORGED}")])

    succeeded, output = said_by_host(run)("command")
    assert not succeeded
    assert output.stderr_lines == [rf"\x1b[31m{HARMLESS}"]


def test_what_a_server_says_before_a_login_is_harmless() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                client.sendall(f"{FORGED}\r\n".encode() * 200)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        data = {"ssh_hostname": "127.0.0.1", "ssh_port": server.getsockname()[1], "ssh_password": "x"}
        run = pyinfra({"web": data})
        thread.join()
    assert run.code != 0
    assert HARMLESS.removesuffix(r"\r\u202e") in run.output
    assert not [line for line in run.output.splitlines() if re.search("\x1b\\]|\x07|\x9b|\u202e", line)]
