"""An app as it is to be released on one host, and what each step is told there. Pure."""

import base64
import getpass
import json
import socket
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from types import ModuleType
from typing import Any

from deploys.apps import build, ports
from deploys.apps.onhost import build as build_onhost
from deploys.apps.onhost import hold as hold_onhost
from deploys.apps.onhost import probe, switch
from deploys.apps.onhost import start as start_onhost
from deploys.apps.servers import WRAPPER
from deploys.apps.source import Source
from deploys.apps.state import Address, Found, Made, Ports, SlotWanted, Wanted
from deploys.apps.steps import (
    After,
    Before,
    Build,
    Drain,
    Hold,
    LetGo,
    Prune,
    Resume,
    Return,
    Start,
    Step,
    Switch,
)
from deploys.apps.unit import Occupant, environment_file
from deploys.base.files import File
from deploys.config import App
from deploys.places.apps import SLOTS, UV, AppPlaces, Slot, other, public_name
from deploys.places.proxies import USER

_TOKEN = str(uuid.uuid4())
OWNER = f"{getpass.getuser()}@{socket.gethostname()}"
"""Who is at work, as others are told."""


_NOT_RUN_BY = {"source", "include", "secrets", "env_file", "keep"}
"""Settings that say how a release comes to be, or what its secrets are, whose values count instead."""


@dataclass(frozen=True)
class Release:
    """An app as it is to be released: settings, source, secrets and places."""

    app: App
    places: AppPlaces
    source: Source
    recipe: build.Recipe
    secret: Callable[[str], str] = field(repr=False)
    """Reads the value of a secret, given its name."""
    ca_bundle: str
    """Certificates that the build trusts besides the machine's own, in PEM."""
    index_logins: str = field(repr=False)
    """What package indexes ask for, as a netrc file."""
    health_host: str
    """The Host header of health requests."""
    prefix: str
    """The path under which the app's users see it; empty for the root."""
    folders: tuple[str, ...]
    """The folders of its code from which the proxy answers."""
    leads: bool
    """Whether this host is the one that runs the app's hooks."""
    backs_off: bool
    """Whether the host's systemd can wait longer and longer between restarts."""
    again: bool = False
    """Whether it is to have the traffic though it was rolled back from."""

    @property
    def name(self) -> str:
        return self.places.app

    @property
    def address(self) -> Address:
        return Address(self.places.port, self.prefix)

    @property
    def ports(self) -> Ports:
        return {port: ports.digests(self.places, port) for port in self.places.ports}

    @property
    def wanted(self) -> Wanted:
        hooks = self.app.hooks
        return Wanted(
            digest=self.recipe.digest,
            slot=self._slot_wanted,
            keep=self.app.keep,
            address=self.address,
            ports=self.ports,
            before=self.leads and bool(hooks.before),
            after=self.leads and bool(hooks.after),
            published=frozenset(map(public_name, self.folders)),
            made=self.made,
            again=self.again,
        )

    @property
    def made(self) -> Made:
        # A default that another gatehouse has is no change of the user's.
        said = self.app.model_dump(mode="json", exclude_defaults=True, exclude=_NOT_RUN_BY)
        secrets = {name: self.secret(name) for name in self.app.secrets}
        whole = json.dumps([said, secrets, self.prefix, self.places.port], sort_keys=True)
        return Made(self.source.digest, probe.digest_of(whole.encode()))

    def read_secrets(self) -> None:
        """See that all secrets are there, before anything is changed.

        Raises:
            Refusal: one is not.

        """
        for name in self.app.secrets:
            self.secret(name)

    def files(self, slot: Slot, number: int) -> list[File]:
        """List the files that say what a slot runs."""
        units = Occupant(self.app, self.places, slot, number, self.prefix, self.backs_off).unit_files()
        files = [File(self.places.unit_file(name), content) for name, content in units.items()]
        delivered = {name: secret.deliver for name, secret in self.app.secrets.items()}
        environment = {name: self.secret(name) for name, how in delivered.items() if how == "environment"}
        if environment:
            content = environment_file(environment)
            files.append(File(self.places.secret_environment(slot), content, mode=0o600, secret=True))
        for name in (name for name, how in delivered.items() if how == "credential"):
            path = self.places.credential(slot, name)
            files.append(File(path, self.secret(name), mode=0o600, secret=True))
        return files

    def units(self, slot: Slot) -> frozenset[str]:
        """List the units that run as long as the slot has the traffic."""
        return frozenset(
            [
                self.places.service(slot),
                *(self.places.process(slot, name) for name in self.app.processes),
                *(self.places.timer(slot, name) for name in self.app.jobs),
            ]
        )

    def lock(self, *, end: bool = False) -> dict[str, Any]:
        """Tell a step whose turn it is."""
        return turn(self.places, end=end)

    def act(  # noqa: PLR0911  # one for each kind of step
        self, step: Step, found: Found
    ) -> tuple[ModuleType, dict[str, Any]]:
        """Give the module that does a step on the host, and its argument."""
        lock = {"lock": self.lock()}
        match step:
            case Build(number):
                return build_onhost, lock | self._build(number, found)
            case Hold(numbers) | LetGo(numbers):
                step_name = "hold" if isinstance(step, Hold) else "let go"
                return hold_onhost, lock | {"step": step_name} | self._hold(numbers)
            case Before(slot, number):
                hook = {"step": "before", "hook": self.places.hook(slot, "before")}
                return start_onhost, lock | self._start(slot, number) | hook
            case Start(slot, number):
                start = {"step": "start", "enable": self._moves(found)}
                return start_onhost, lock | self._start(slot, number) | start
            case Resume(slot, number, units):
                is_live = slot == found.live
                resume = {"step": "resume", "timers": is_live, "enable": not is_live}
                run = self._run(slot, number, self.units(slot) if units is None else units)
                return start_onhost, lock | run | resume
            case Return(slot, number, units):
                return start_onhost, lock | self._return(slot, number, units, found)
            case After(slot, number):
                hook = {"hook": self.places.hook(slot, "after"), "due": self.places.due(slot)}
                what = {"step": "after", "what": f"{self.name}: release {number}"}
                return start_onhost, lock | hook | what
            case Switch():
                return switch, lock | self._switch(step, found)
            case Drain(slot):
                return switch, lock | self._drain(slot, found)
            case Prune(numbers):
                where = {"releases": self.places.releases, "published": self.places.published}
                return switch, lock | where | {"step": "prune", "numbers": numbers}

    def _slot_wanted(self, slot: Slot, number: int) -> SlotWanted:
        files = self.files(slot, number)
        digests = {file.path: probe.digest_of(file.content.encode(), is_secret=file.secret) for file in files}
        return SlotWanted(digests, self.units(slot))

    def _build(self, number: int, found: Found) -> dict[str, Any]:
        places = self.places
        return {
            "app": self.name,
            "archive": base64.b64encode(self.source.archive()).decode(),
            "unfinished": found.unfinished,
            "ca_bundle": self.ca_bundle,
            "code": places.code(number),
            "environment": build.environment(self.app, places, self.source, number),
            "home": places.home,
            "index": self.app.indexes.default_url,
            "index_logins": self.index_logins,
            "mark": {"digest": self.recipe.digest, "commit": self.source.commit},
            "number": number,
            "persistent": [self._persistent(path) for path in self.app.persistent],
            "persistent_places": places.persistent,
            "properties": build.properties(places),
            "releases": places.releases,
            "script": self.recipe.script,
            "sysusers": places.sysusers,
            "sysusers_content": build.sysusers(places),
            "unit": places.build_unit,
            "user": places.user,
            "uv": {"home": f"{UV}/{build.UV_VERSION}", "requirement": build.UV_REQUIREMENT},
            "wrapper": {
                "directories": [places.wrapper(number), f"{places.wrapper(number)}/{WRAPPER}"],
                "files": {
                    f"{places.wrapper(number)}/{WRAPPER}/{name}": source
                    for name, source in build.WRAPPER_SOURCES.items()
                },
            },
            "writable": [places.code(number), places.environment(number), places.fetched_python(number)],
        }

    def _persistent(self, path: str) -> dict[str, Any]:
        return {
            "path": path,
            "is_directory": path.endswith("/"),
            "place": self.places.persistent_place(path),
            "target": self.places.persistent_target(path),
        }

    def _hold(self, numbers: tuple[int, ...]) -> dict[str, Any]:
        return {
            "what": self.name,
            "ports": [
                {
                    "port": port,
                    "socket": self.places.socket(port),
                    "files": {
                        self.places.unit_file(name): content
                        for name, content in ports.unit_files(self.places, port).items()
                    },
                }
                for port in numbers
            ],
            "services": [self.places.service(slot) for slot in SLOTS],
        }

    def _start(self, slot: Slot, number: int) -> dict[str, Any]:
        files = {"files": [_plain(file) for file in self.files(slot, number)]}
        return self._run(slot, number, self.units(slot)) | files

    def _run(self, slot: Slot, number: int, units: frozenset[str]) -> dict[str, Any]:
        health = self.app.health
        return {
            "what": f"{self.name}: release {number}",
            "prefix": self.places.unit(slot),
            "secrets": self.places.secrets(slot),
            "served": self.places.served(slot),
            "due": self.places.due(slot),
            "service": self.places.service(slot),
            "units": sorted(units),
            "port": self.places.slot_port(slot),
            "grace": self.app.drain,
            "health": {
                "host": self.health_host,
                "path": health.path,
                "status": health.status,
                "timeout": health.timeout,
                "settle": health.settle,
            },
        }

    def _moves(self, found: Found) -> bool:
        """Say whether the proxy is to find the app elsewhere before the traffic counts as moved."""
        before = found.slot(found.live).address
        return before is not None and before != self.address

    def _return(self, slot: Slot, number: int, units: frozenset[str], found: Found) -> dict[str, Any]:
        # The settings may have another port by now.
        address = found.slot(slot).address or self.address
        port = replace(self.places, port=address.port).slot_port(slot)
        return self._run(slot, number, units) | {"step": "return", "port": port}

    def _switch(self, step: Switch, found: Found) -> dict[str, Any]:
        slot, number = step.slot, step.release
        return {
            "step": "switch",
            "turn": self._turn(step, found),
            "unit": self.places.unit(slot),
            "other_unit": self.places.unit(other(slot)),
            "units": sorted(step.units or self.units(slot)),
            "other_enabled": sorted(found.slot(other(slot)).enabled),
            "b_is_live": self.places.b_is_live,
            "current": self.places.current,
            "published": self.places.published,
            "folders": {public_name(folder): folder for folder in self.folders if not self._outlives(folder)},
            "persistent": {
                public_name(folder): self.places.persistent_target(f"{folder}/")
                for folder in self.folders
                if self._outlives(folder)
            },
            "reader": USER,
            "history": self.places.history,
            "release": self.places.release(number),
            "served": self.places.served(slot),
            "due": self.places.due(slot) if step.due else None,
        }

    def _turn(self, step: Switch, found: Found) -> dict[str, Any]:
        """Say what is to be remembered of a release that gets the traffic."""
        if step.units is None:
            made = self.made if not step.is_back else replace(self.made, source=_source(step.release, found))
        else:
            former = (turn.made for turn in reversed(found.history) if turn.slot == step.slot)
            made = next(former, Made(None, None))
        turn = {"release": step.release, "slot": step.slot, "by": OWNER}
        return turn | asdict(made) | ({"back": True} if step.is_back else {})

    def _outlives(self, folder: str) -> bool:
        return f"{folder}/" in self.app.persistent

    def _drain(self, slot: Slot, found: Found) -> dict[str, Any]:
        return {
            "step": "drain",
            "service": self.places.service(slot),
            "running": sorted(found.slot(slot).running),
            "grace": self.app.drain,
        }


def _source(number: int, found: Found) -> str | None:
    turns = (turn.made.source for turn in reversed(found.history) if turn.release == number)
    return next(turns, None)


def turn(places: AppPlaces, *, end: bool = False) -> dict[str, Any]:
    """Tell a step on the host whose turn it is, and whether this was the last one."""
    return {"app": places.app, "path": places.lock, "token": _TOKEN, "owner": OWNER, "end": end}


def _plain(file: File) -> dict[str, Any]:
    return {
        "path": file.path,
        "mode": file.mode,
        "content": base64.b64encode(file.content.encode()).decode(),
    }
