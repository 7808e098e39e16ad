"""Building and releasing an app, each an operation whose steps come from the plan."""

import base64
import getpass
import socket
import uuid
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import remote
from deploys.apps import build, remote_build, remote_lock, remote_probe, remote_start, remote_switch
from deploys.apps.layout import UV, Layout, Slot, other
from deploys.apps.observe import Observer
from deploys.apps.plan import Build, Drain, Prune, Start, Step, Switch, Wanted, plan
from deploys.apps.source import Source
from deploys.apps.unit import unit
from deploys.base.files import File, show
from deploys.config import App

_TOKEN = str(uuid.uuid4())
_OWNER = f"{getpass.getuser()}@{socket.gethostname()}"


@dataclass(frozen=True)
class Release:
    """An app as it is to be released: settings, source and places."""

    app: App
    layout: Layout
    source: Source
    health_host: str
    """The Host header of health requests."""

    @property
    def name(self) -> str:
        return self.layout.app

    @cached_property
    def recipe(self) -> build.Recipe:
        return build.recipe(self.app, self.source)

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.recipe.digest, self._digests, self.app.keep)

    def files(self, slot: Slot, number: int) -> list[File]:
        """List the files that say what a slot runs."""
        return [File(self.layout.unit_file(slot), unit(self.app, self.layout, slot, number))]

    def _digests(self, slot: Slot, number: int) -> dict[str, str]:
        files = self.files(slot, number)
        return {file.path: remote_probe.digest_of(file.content.encode()) for file in files}

    def lock(self, *, end: bool = False) -> dict[str, Any]:
        return {
            "app": self.name,
            "path": self.layout.lock,
            "token": _TOKEN,
            "owner": _OWNER,
            "end": end,
        }


@operation()
def build_release(release: Release, observer: Observer) -> Generator[StringCommand, None, None]:
    """Build a release of the app's source where the host has none yet."""
    steps = _steps(release, observer)
    number = next((step.number for step in steps if isinstance(step, Build)), None)
    if number is None:
        host.noop(f"{release.name}: its release is built")
        return
    commit = f" of {release.source.commit}" if release.source.commit else ""
    _say(release, f"build release {number}{commit}, {len(release.source.files)} files")
    yield remote.run(remote_lock, release.lock())
    observer.again()
    yield remote.run(remote_build, _build_argument(release, number, observer.found(release.name).broken))
    observer.again()


@operation()
def move_traffic(release: Release, observer: Observer) -> Generator[StringCommand, None, None]:
    """Start the release in the idle slot, give it the traffic when it is healthy, and drain the other."""
    steps = [step for step in _steps(release, observer) if not isinstance(step, Build)]
    if not steps:
        host.noop(f"{release.name}: its release has the traffic")
        return
    if state.config.DIFF:
        _show(release, steps)
    yield remote.run(remote_lock, release.lock())
    observer.again()
    for step in _steps(release, observer):
        _say(release, _words(step))
        yield _command(release, step)
    yield remote.run(remote_lock, release.lock(end=True))
    observer.again()


def _steps(release: Release, observer: Observer) -> tuple[Step, ...]:
    return plan(release.wanted, observer.found(release.name))


def _say(release: Release, words: str) -> None:
    logger.info("%s%s: %s", host.print_prefix, release.name, words)


def _show(release: Release, steps: Iterable[Step]) -> None:
    for step in steps:
        if isinstance(step, Start):
            for file in release.files(step.slot, step.release):
                show(file, None)


def _words(step: Step) -> str:
    match step:
        case Build(number):
            return f"build release {number}"
        case Start(slot, number):
            return f"start release {number} in slot {slot} and wait until it is healthy"
        case Switch(slot, number):
            return f"give the traffic to release {number} in slot {slot}"
        case Drain(slot):
            return f"drain slot {slot}, then stop it"
        case Prune(numbers):
            return f"remove release {', '.join(str(number) for number in numbers)}"


def _command(release: Release, step: Step) -> StringCommand:
    layout, lock = release.layout, {"lock": release.lock()}
    match step:
        case Build(number):
            return remote.run(remote_build, _build_argument(release, number, ()))
        case Start(slot, number):
            return remote.run(remote_start, lock | _start_argument(release, slot, number))
        case Switch(slot, number):
            places = {
                "step": "switch",
                "slot": slot,
                "unit": layout.unit(slot),
                "other_unit": layout.unit(other(slot)),
                "b_is_live": layout.b_is_live,
                "current": layout.current,
                "release": layout.release(number),
            }
            return remote.run(remote_switch, lock | places)
        case Drain(slot):
            drain = {"port": layout.slot_port(slot), "unit": layout.unit(slot), "grace": release.app.drain}
            return remote.run(remote_switch, lock | drain | {"step": "drain"})
        case Prune(numbers):
            prune = {"step": "prune", "releases": layout.releases, "numbers": numbers}
            return remote.run(remote_switch, lock | prune)


def _build_argument(release: Release, number: int, broken: tuple[int, ...]) -> dict[str, Any]:
    layout = release.layout
    return {
        "app": release.name,
        "archive": base64.b64encode(release.source.archive()).decode(),
        "broken": broken,
        "cache": layout.cache,
        "home": layout.home,
        "lock": release.lock(),
        "mark": {"digest": release.recipe.digest, "commit": release.source.commit},
        "number": number,
        "releases": layout.releases,
        "script": release.recipe.script,
        "sysusers": layout.sysusers,
        "sysusers_content": build.sysusers(layout),
        "unit": layout.build_unit,
        "user": layout.user,
        "uv": build.UV_VERSION,
        "uv_home": UV,
    }


def _start_argument(release: Release, slot: Slot, number: int) -> dict[str, Any]:
    health = release.app.health
    return {
        "what": f"{release.name}: release {number}",
        "unit": release.layout.unit(slot),
        "port": release.layout.slot_port(slot),
        "files": [
            {
                "path": file.path,
                "mode": file.mode,
                "content": base64.b64encode(file.content.encode()).decode(),
            }
            for file in release.files(slot, number)
        ],
        "health": {
            "host": release.health_host,
            "path": health.path,
            "status": health.status,
            "timeout": health.timeout,
            "settle": health.settle,
        },
    }
