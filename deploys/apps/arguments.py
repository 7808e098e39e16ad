"""What each step of a release is told on the host: the module that does it there, and its argument. Pure."""

import base64
from dataclasses import replace
from types import ModuleType
from typing import Any

from deploys.apps import build, ports
from deploys.apps.onhost import build as build_onhost
from deploys.apps.onhost import hold as hold_onhost
from deploys.apps.onhost import start as start_onhost
from deploys.apps.onhost import switch
from deploys.apps.release import Release
from deploys.apps.servers import WRAPPER
from deploys.apps.state import Found, Made
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
    Try,
)
from deploys.apps.turn import OWNER
from deploys.base.files import File
from deploys.places.apps import NOWHERE, SLOTS, UV, Slot, other, public_name
from deploys.places.proxies import USER


def of(  # noqa: PLR0911  # one for each kind of step
    release: Release, step: Step, found: Found
) -> tuple[ModuleType, dict[str, Any]]:
    """Give the module that does a step on the host, and its argument."""
    lock = {"lock": release.lock()}
    obey = {"obey": [*release.obey]}
    match step:
        case Build(number):
            return build_onhost, lock | _build(release, number, found)
        case Hold(numbers) | LetGo(numbers):
            step_name = "hold" if isinstance(step, Hold) else "let go"
            return hold_onhost, lock | {"step": step_name} | _hold(release, numbers)
        case Before(slot, number):
            hook = {"step": "before", "hook": release.places.hook(slot, "before")}
            return start_onhost, lock | obey | _start(release, slot, number) | hook
        case Start(slot, number):
            start = {"step": "start", "enable": _moves(release, found)}
            return start_onhost, lock | obey | _start(release, slot, number) | start
        case Resume(slot, number, units):
            is_live = slot == found.live
            resume = {"step": "resume", "timers": is_live, "enable": not is_live}
            run = _run(release, slot, number, release.units(slot) if units is None else units)
            return start_onhost, lock | run | resume
        case Try(slot, number):
            return start_onhost, lock | _run(release, slot, number, release.units(slot)) | {"step": "try"}
        case Return(slot, number, units):
            return start_onhost, lock | obey | _return(release, slot, number, units, found)
        case After(slot, number):
            hook = {"hook": release.places.hook(slot, "after"), "due": release.places.due(slot)}
            what = {"step": "after", "what": f"{release.name}: release {number}"}
            return start_onhost, lock | hook | what | {"code": _code(release, number)}
        case Switch():
            return switch, lock | obey | _switch(release, step, found)
        case Drain(slot):
            return switch, lock | obey | _drain(release, slot, found)
        case Prune(numbers):
            where = {"releases": release.places.releases, "published": release.places.published}
            return switch, lock | where | {"step": "prune", "numbers": numbers}


def _build(release: Release, number: int, found: Found) -> dict[str, Any]:
    places = release.places
    return {
        "app": release.name,
        "archive": base64.b64encode(release.source.archive()).decode(),
        "unfinished": found.unfinished,
        "ca_bundle": release.ca_bundle,
        "code": places.code(number),
        "environment": build.environment(release.app, places, release.source, number),
        "home": places.home,
        "index": release.app.indexes.default_url,
        "index_logins": release.index_logins,
        "mark": {"digest": release.recipe.digest, "commit": release.source.commit},
        "number": number,
        "persistent": [_persistent(release, path) for path in release.app.persistent],
        "persistent_places": places.persistent,
        "properties": build.properties(places, of_image=release.app.is_image),
        "releases": places.releases,
        "script": release.recipe.script,
        "sysusers": places.sysusers,
        "nowhere": NOWHERE,
        "sysusers_content": build.sysusers(places),
        "unit": places.build_unit,
        "user": places.user,
        "work": build.workplace(release.app, places, number),
        "uv": None if release.app.is_image else uv(),
        "wrapper": {
            "directories": [places.wrapper(number), f"{places.wrapper(number)}/{WRAPPER}"],
            "files": {
                f"{places.wrapper(number)}/{name}": source
                for name, source in build.carried(release.app).items()
            },
        },
        "writable": [places.code(number), places.environment(number), places.fetched_python(number)],
    }


def uv() -> dict[str, str]:
    """Say what uv there is to be, as `onhost.uv.install` wants it."""
    return {"home": f"{UV}/{build.UV_VERSION}", "requirement": build.UV_REQUIREMENT}


def _persistent(release: Release, path: str) -> dict[str, Any]:
    return {
        "path": path,
        "is_directory": path.endswith("/"),
        "place": release.places.persistent_place(path),
        "target": release.places.persistent_target(path),
    }


def _hold(release: Release, numbers: tuple[int, ...]) -> dict[str, Any]:
    return {
        "what": release.name,
        "ports": [
            {
                "port": port,
                "socket": release.places.socket(port),
                "files": {
                    release.places.unit_file(name): content
                    for name, content in ports.unit_files(release.places, port).items()
                },
            }
            for port in numbers
        ],
        "services": [release.places.service(slot) for slot in SLOTS],
    }


def _start(release: Release, slot: Slot, number: int) -> dict[str, Any]:
    files = {"files": [_plain(file) for file in release.files(slot, number)]}
    return _run(release, slot, number, release.units(slot)) | files


def _run(release: Release, slot: Slot, number: int, units: frozenset[str]) -> dict[str, Any]:
    health = release.app.health
    return {
        "what": f"{release.name}: release {number}",
        "app": release.name,
        "slot": slot,
        "code": _code(release, number),
        "secrets": release.places.secrets(slot),
        "served": release.places.served(slot),
        "due": release.places.due(slot),
        "service": release.places.service(slot),
        "units": sorted(units),
        "port": release.places.slot_port(slot),
        "grace": release.app.drain,
        "tried": {"path": release.places.tried(slot), "content": release.health},
        "health": {
            "host": release.health_host,
            "path": health.path,
            "status": health.status,
            "timeout": health.timeout,
            "settle": health.settle,
        },
    }


def _code(release: Release, number: int) -> dict[str, Any]:
    return {
        "path": release.places.code(number),
        "directory": release.app.working_directory or "",
        "kept": [*release.app.sources],
    }


def _moves(release: Release, found: Found) -> bool:
    """Say whether the proxy is to find the app elsewhere before the traffic counts as moved."""
    before = found.slot(found.live).address
    return before is not None and before != release.address


def _return(release: Release, slot: Slot, number: int, units: frozenset[str], found: Found) -> dict[str, Any]:
    # The settings may have another port by now.
    address = found.slot(slot).address or release.address
    port = replace(release.places, port=address.port).slot_port(slot)
    return _run(release, slot, number, units) | {"step": "return", "port": port}


def _switch(release: Release, step: Switch, found: Found) -> dict[str, Any]:
    slot, number = step.slot, step.release
    return {
        "step": "switch",
        "app": release.name,
        "turn": _turn(release, step, found),
        "unit": release.places.unit(slot),
        "other_unit": release.places.unit(other(slot)),
        "units": sorted(step.units or release.units(slot)),
        "other_enabled": sorted(found.slot(other(slot)).enabled),
        "b_is_live": release.places.b_is_live,
        "current": release.places.current,
        "published": release.places.published,
        "folders": {
            public_name(folder): folder for folder in release.folders if not _outlives(release, folder)
        },
        "persistent": {
            public_name(folder): release.places.persistent_target(f"{folder}/")
            for folder in release.folders
            if _outlives(release, folder)
        },
        "reader": USER,
        "history": release.places.history,
        "release": release.places.release(number),
        "served": release.places.served(slot),
        "due": release.places.due(slot) if step.due else None,
    }


def _turn(release: Release, step: Switch, found: Found) -> dict[str, Any]:
    """Say what is to be remembered of a release that gets the traffic."""
    if step.units is None:
        made = release.made
        if step.is_back:
            made = replace(made, source=_source(step.release, found))
    else:
        former = (turn.made for turn in reversed(found.history) if turn.slot == step.slot)
        made = next(former, Made(None, None))
    turn = {"release": step.release, "slot": step.slot, "by": OWNER}
    what = {"source": made.source, "settings": made.settings}
    return turn | what | ({"back": True} if step.is_back else {})


def _outlives(release: Release, folder: str) -> bool:
    return f"{folder}/" in release.app.persistent


def _drain(release: Release, slot: Slot, found: Found) -> dict[str, Any]:
    return {
        "step": "drain",
        "service": release.places.service(slot),
        "running": sorted(found.slot(slot).running),
        "grace": release.patience,
    }


def _source(number: int, found: Found) -> str | None:
    turns = (turn.made.source for turn in reversed(found.history) if turn.release == number)
    return next(turns, None)


def _plain(file: File) -> dict[str, Any]:
    return {
        "path": file.path,
        "mode": file.mode,
        "content": base64.b64encode(file.content.encode()).decode(),
    }
