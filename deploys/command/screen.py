"""What the user reads of a run: a line for each change, what failed with its reason, and no more."""

import logging
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

import gevent
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State
from pyinfra.api.util import PYINFRA_INSTALL_DIR
from pyinfra.context import ctx_host
from pyinfra.context import host as host_in_context

from deploys.onhost.words import QUOTE, shown
from deploys.terminal import is_live, show, tell

_PREFIX = re.compile(r"^\[(.+?)\] +")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_MOST = 400
"""Characters of a line that a program said."""
_LAST_LINES = 40
_TICK = 0.2
_PATIENCE = 30
"""Seconds after which a step is told of again, where there is no terminal to show it on."""


class Screen:
    """Writes lines: what matters to standard output, what is under way and what is wrong to the other one."""

    def __init__(self, *, is_verbose: bool = False) -> None:
        self.is_verbose = is_verbose
        self._has_colour = is_live() and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace", line_buffering=True)

    def say(self, line: str = "") -> None:
        """Write a line of the result."""
        tell(line)

    def note(self, line: str) -> None:
        """Write a line on the way to it."""
        tell(line, sys.stderr)

    def good(self, words: str) -> None:
        self.note(f"{self._coloured('✓', 32)} {words}")

    def bad(self, words: str) -> None:
        self.note(f"{self._coloured('✗', 31)} {words}")

    def _coloured(self, words: str, colour: int) -> str:
        return f"\x1b[{colour}m{words}\x1b[0m" if self._has_colour else words


class Progress(BaseStateCallback):
    """Follows a run: which operation each host is at, what was said there, and what came of it."""

    def __init__(self, screen: Screen, *, looks: bool, ticks: bool) -> None:
        self._screen = screen
        self._looks = looks
        self._ticks = ticks
        self.said: dict[str, list[str]] = defaultdict(list)
        """By host: what programs said in the present operation."""
        self.notes: dict[str, list[str]] = defaultdict(list)
        """By host: what the deploys said before anything was done."""
        self._foretold: dict[str, set[str]] = defaultdict(set)
        """By host: what was to be read in the plan, in the words of when it is done."""
        self._at: dict[str, str] = {}
        """By host: which of that it is at."""
        self.to_do: dict[str, list[str]] = defaultdict(list)
        """By host: what the deploys warned of."""
        self.unreached: dict[str, object] = {}
        self.failed: dict[str, list[str]] = defaultdict(list)
        """By host: the operations that failed."""
        self.changed: dict[str, list[str]] = defaultdict(list)
        """By host: the operations that did something."""
        self._operation = ""
        self._began = 0.0
        self._is_alone = True
        self._ticker: Any = None

    def host_connect_error(self, state: State, host: Host, error: object) -> None:  # type: ignore[override]  # static there, called by instance
        self.unreached[host.name] = error

    def operation_start(self, state: State, op_hash: str) -> None:  # type: ignore[override]  # static there, called by instance
        self._operation = ", ".join(state.get_op_meta(op_hash).names)
        self._began = time.monotonic()
        self._is_alone = len(state.activated_hosts) == 1
        self.said.clear()
        self._at.clear()
        self._ticker = gevent.spawn(self._tick) if self._ticks else None

    def operation_host_error(  # type: ignore[override]  # static there, called by instance
        self, state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        self.failed[host.name].append(self._operation)
        if host.name in self._at:
            self._screen.note(f"  {self._named(host.name)}{self._at.pop(host.name)}")
        if not self._looks:
            self._screen.bad(self._words(host.name))
        for line in self.said.pop(host.name, [])[-_LAST_LINES:]:
            self._screen.note(f"  {line}")

    def operation_end(self, state: State, op_hash: str) -> None:  # type: ignore[override]  # static there, called by instance
        self.end()
        for host in sorted(state.active_hosts, key=lambda host: host.name):
            data = state.ops[host].get(op_hash)
            if data and data.operation_meta.did_succeed() and data.operation_meta.did_change():
                self.changed[host.name].append(self._operation)
                if not self._looks:
                    self._screen.good(self._words(host.name))
            elif self._screen.is_verbose:
                self._screen.note(f"  {self._words(host.name)}: no changes")

    def end(self) -> None:
        """Show no longer what is under way."""
        if self._ticker:
            self._ticker.kill()
        show("")

    def foretell(self, name: str) -> list[str]:
        """Give what the deploys said of a host before anything was done, to be shown."""
        notes = self.notes.pop(name, [])
        self._foretold[name].update(line.replace(": will ", ": ", 1) for line in notes)
        return notes

    def do(self, name: str, words: str) -> None:
        """Tell what is done now; what the plan has told is shown only as long as it is under way."""
        if words in self._foretold[name] and not self._screen.is_verbose:
            self._at[name] = words
        else:
            self._screen.note(f"  {self._named(name)}{words}")

    def say(self, name: str | None, line: str) -> None:
        """Take note of a line that a program said."""
        line = shown(line.rstrip(), _MOST)
        self.said[name or ""].append(line)
        if self._screen.is_verbose:
            self._screen.note(f"  {self._named(name)}{line}")

    def _words(self, name: str) -> str:
        seconds = round(time.monotonic() - self._began)
        return f"{self._named(name)}{self._operation}" + (f" ({seconds} s)" if seconds > 1 else "")

    def _named(self, name: str | None) -> str:
        return "" if self._is_alone or not name else f"{name}: "

    def _tick(self) -> None:
        told = 0
        while True:
            gevent.sleep(_TICK)
            seconds = int(time.monotonic() - self._began)
            last = next((lines[-1] for lines in reversed(self.said.values()) if lines), "")
            last = last or next(reversed(self._at.values()), "")
            words = f"  {self._operation} ({seconds} s){': ' if last else ''}{last.strip()}"
            if is_live():
                show(words)
            elif seconds // _PATIENCE > told:
                told = seconds // _PATIENCE
                self._screen.note(words[:_MOST])


class Log(logging.Handler):
    """Sorts what is logged: the deploys' own words, and what of pyinfra's a user has to know."""

    def __init__(self, screen: Screen, progress: Progress) -> None:
        super().__init__()
        self._screen = screen
        self._progress = progress
        self.is_executing = False

    def emit(self, record: logging.LogRecord) -> None:
        message = _ANSI.sub("", record.getMessage())
        prefix = _PREFIX.match(message)
        name = host_in_context.name if ctx_host.isset() else prefix[1] if prefix else None
        words = message[prefix.end() :] if prefix else message
        if record.pathname.startswith(str(PYINFRA_INSTALL_DIR)) or "pyinfra_cli" in record.pathname:
            self._of_pyinfra(record, name, words)
        else:
            self._of_ours(record, name, "\n".join(_indented(words)))

    def _of_ours(self, record: logging.LogRecord, name: str | None, words: str) -> None:
        if words.startswith("--> "):
            self._screen.note(words.removeprefix("--> "))
        elif record.levelno == logging.WARNING:
            if words not in self._progress.to_do[name or ""]:
                self._progress.to_do[name or ""].append(words)
        elif self.is_executing:
            self._of_a_step(record, name, words)
        else:
            self._progress.notes[name or ""].append(words)

    def _of_a_step(self, record: logging.LogRecord, name: str | None, words: str) -> None:
        if record.levelno >= logging.ERROR:
            self._progress.said[name or ""].append(words)
        else:
            self._progress.do(name or "", words)

    def _of_pyinfra(self, record: logging.LogRecord, name: str | None, words: str) -> None:
        told = record.funcName in {"print_host_combined_output", "log_host_command_error"}
        if told or (record.levelno >= logging.WARNING and record.funcName == "_run_host_op"):
            for line in words.splitlines():
                self._progress.say(name, line)
        elif self._screen.is_verbose:
            self._screen.note(f"  {words}")


def _indented(words: str) -> Iterator[str]:
    """Give the lines of a text, all but the first one further to the right than lines of ours, or quoted."""
    for number, line in enumerate(words.split("\n")):
        yield line if not number or line.startswith(QUOTE) else " " * len(QUOTE) + line
