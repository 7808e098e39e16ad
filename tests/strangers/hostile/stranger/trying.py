"""Attempts: each in a process of its own, so that one that hangs or is killed keeps nobody from the next."""

import contextlib
import importlib
import json
import os
import select
import signal
import time
from pathlib import Path
from typing import Any

PATIENCE = 30
"""Seconds that an attempt has."""


def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(__file__).with_name("table.json").read_text())
    return found


def canary(name: str) -> str:
    """Write a program that tells that root has run it."""
    return f'#!/bin/sh\n[ "$(/usr/bin/id -u)" != 0 ] || echo {name} >> /root/canaries\n'


def attempts(moment: str) -> str:
    """Try what the table has for a moment, and tell as JSON how each attempt ended."""
    names: dict[str, Any] = {}
    for tools in Path(__file__).with_name("tools").glob("[a-z]*.py"):
        names |= vars(importlib.import_module(f"stranger.tools.{tools.stem}"))
    return json.dumps(tried(table().get(moment, []), names))


def remember(moment: str) -> None:
    """Try what the table has for a moment, and keep the ends where the app may write, all at once."""
    kept = Path(os.environ["STATE_DIRECTORY"], f"{table().get('act', 'innocent')}-{moment}.json")
    draft = kept.with_suffix(".new")
    draft.write_text(attempts(moment))
    draft.rename(kept)


def tried(rows: "list[dict[str, str]]", names: "dict[str, Any]") -> "dict[str, str]":
    begun = [(row["tries"], *_begin(row["does"], names)) for row in rows]
    deadline = time.monotonic() + PATIENCE
    return {tries: _end(process, answer, deadline) for tries, process, answer in begun}


def _begin(does: str, names: "dict[str, Any]") -> "tuple[int, int]":
    answer, out = os.pipe()
    process = os.fork()
    if process:
        os.close(out)
        return process, answer
    try:
        os.close(answer)
        os.write(out, _do(does, names)[:2000].encode(errors="backslashreplace"))
    finally:
        os._exit(0)


def _do(does: str, names: "dict[str, Any]") -> str:
    try:
        return f"did: {eval(does, dict(names))!r}"  # noqa: S307  # rows of our own table
    except (OSError, RecursionError) as error:
        return f"refused: {type(error).__name__}: {error}"
    except BaseException as error:  # whatever else is a mistake in the table, and told
        return f"broke: {type(error).__name__}: {error}"


def _end(process: int, answer: int, deadline: float) -> str:
    ready, _, _ = select.select([answer], [], [], max(0.0, deadline - time.monotonic()))
    said = os.read(answer, 2000).decode(errors="replace") if ready else ""
    os.close(answer)
    if not ready:
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    if said:
        return said
    return f"refused: killed by signal {status & 127}" if ready else "hung"
