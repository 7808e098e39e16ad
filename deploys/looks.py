"""What the rooms of the house look at on a host: all of it in one command, and again once anything was sent.

A room says what it looks at, and asks for what was seen as if it had looked by itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from pyinfra.api.command import StringCommand
from pyinfra.api.facts import FactBase
from pyinfra.api.state import State
from pyinfra.context import host, state

from deploys import connection, remote


@dataclass(frozen=True)
class Look:
    """What a room looks at: a module that runs on the host, and what it is told."""

    module: ModuleType
    argument: Any = field(default=None, repr=False)
    bare: Any = field(default=None, repr=False)
    """What is seen before Python is there, whole."""

    @cached_property
    def key(self) -> str:
        return f"{self.module.__name__} {json.dumps(self.argument)}"


@dataclass(frozen=True)
class Script:
    """What can be seen of any machine, by a script of the shell's; its lines are what was seen."""

    text: str = field(repr=False)

    @property
    def key(self) -> str:
        return self.text


class Seen(FactBase[dict[str, Any]]):
    """What came of looks, by their keys; of several, those that failed are left out."""

    @staticmethod
    def default() -> dict[str, Any]:
        return {}

    def command(self, looks: Sequence[Look], scripts: Sequence[Script]) -> StringCommand:
        self._looks, self._scripts = looks, scripts
        return remote.look([script.text for script in scripts], [(one.module, one.argument) for one in looks])

    def process(self, output: list[str]) -> dict[str, Any]:
        said, found = remote.seen(output)
        seen = {script.key: lines for script, lines in zip(self._scripts, said, strict=True)}
        if found is None:
            return seen | {look.key: look.bare for look in self._looks}
        outcomes = zip(self._looks, found, strict=True)
        return seen | {look.key: outcome[0] for look, outcome in outcomes if outcome}


@dataclass
class _View:
    """What is known of one host."""

    together: dict[str, Look | Script] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)
    moment: object = None


_VIEWS: WeakKeyDictionary[State, dict[str, _View]] = WeakKeyDictionary()


def together(*looks: Look | Script) -> None:
    """Have the host in context looked at in all these ways whenever it is looked at in one of them."""
    _view().together |= {look.key: look for look in looks}


def at(look: Look | Script) -> Any:
    """Say what is to be seen on the host in context, looked at anew if anything was sent there since.

    What failed among others is tried again by itself, so that it fails in its own words.
    """
    view = _view()
    if view.moment is None or view.moment != _moment():
        # Steps that send something mostly ask for one thing each: the rest waits until it is asked for, too.
        is_first, view.seen = view.moment is None, {}
        _look(view, {**(view.together if is_first else {}), look.key: look})
    elif look.key not in view.seen:
        _look(view, {**_unseen(view), look.key: look})
    if look.key not in view.seen and not _has_failed():
        _look(view, {look.key: look})
    if look.key not in view.seen and connection.is_at_work():
        raise connection.unanswered()
    return view.seen.get(look.key, look.bare if isinstance(look, Look) else [])


def is_seen(look: Look | Script) -> bool:
    """Say whether the host in context was looked at in this way, and nothing was sent there since."""
    view = _view()
    return view.moment is not None and view.moment == _moment() and look.key in view.seen


def _unseen(view: _View) -> dict[str, Look | Script]:
    return {key: look for key, look in view.together.items() if key not in view.seen}


def _look(view: _View, looks: dict[str, Look | Script]) -> None:
    modules = [look for look in looks.values() if isinstance(look, Look)]
    scripts = [look for look in looks.values() if isinstance(look, Script)]
    view.seen |= connection.ask(Seen, looks=modules, scripts=scripts)
    view.moment = _moment()


def _view() -> _View:
    return _VIEWS.setdefault(host.state, {}).setdefault(host.name, _View())


def _moment() -> object:
    """Tell apart the times between which a host may have changed: by what was sent, or as a user was asked.

    It is none where nobody counts what is sent.
    """
    sent = connection.sent(host)
    return None if sent is None else (sent, connection.is_at_work() and state.check_for_changes)


def _has_failed() -> bool:
    return any(failed.name == host.name for failed in state.failed_hosts)
