"""What the host has of all the apps, read once for as long as nothing changes."""

from pathlib import PurePosixPath
from types import ModuleType
from typing import Any, ClassVar, cast

from pyinfra.context import host, state

from deploys import remote
from deploys.apps import remote_probe
from deploys.apps.layout import Layout, Slot
from deploys.apps.plan import Found, Release, SlotFound

SLOTS: tuple[Slot, ...] = ("a", "b")


class Probe(remote.Probe[list[dict[str, Any]]]):
    """The releases and slots of apps."""

    module: ClassVar[ModuleType] = remote_probe

    @staticmethod
    def default() -> list[dict[str, Any]]:
        return []


class Observer:
    """Looks at the apps of each host, once per phase of a run and again where something has changed."""

    def __init__(self, layouts: list[Layout]) -> None:
        self._layouts = layouts
        self._seen: dict[tuple[str, bool], dict[str, Found]] = {}

    def found(self, app: str) -> Found:
        """Say what the host in context has of the app."""
        key = (host.name, state.is_executing)
        if key not in self._seen:
            self._seen[key] = _look(self._layouts)
        return self._seen[key].get(app, Found())

    def again(self) -> None:
        """Forget what was seen on the host in context."""
        self._seen.pop((host.name, state.is_executing), None)


def _look(layouts: list[Layout]) -> dict[str, Found]:
    data = host.get_fact(Probe, argument=[places(layout) for layout in layouts])
    return {layout.app: found_from(app) for layout, app in zip(layouts, data, strict=False)}


def found_from(data: dict[str, Any]) -> Found:
    """Make `Found` of what the probe says about one app."""
    return Found(
        releases=tuple(Release(**entry) for entry in data["releases"]),
        broken=tuple(data["broken"]),
        slots={cast("Slot", name): _slot(slot) for name, slot in data["slots"].items()},
        live=data["live"],
        served=tuple(data["served"]),
    )


def _slot(data: dict[str, Any]) -> SlotFound:
    return SlotFound(
        files=data["files"],
        release=data["release"],
        units=frozenset(data["units"]),
        running=frozenset(data["running"]),
        enabled=frozenset(data["enabled"]),
        served=data["served"],
    )


def places(layout: Layout) -> dict[str, Any]:
    """Say where the probe finds an app's things."""
    return {
        "releases": layout.releases,
        "interpreter": str(PurePosixPath(layout.interpreter(1)).relative_to(layout.release(1))),
        "b_is_live": layout.b_is_live,
        "history": layout.history,
        "slots": {
            slot: {
                "unit": layout.unit(slot),
                "service": layout.service(slot),
                "secrets": layout.secrets(slot),
                "served": layout.served(slot),
            }
            for slot in SLOTS
        },
    }
