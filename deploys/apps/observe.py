"""What the host has of all the apps."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any, ClassVar, cast

from pyinfra import logger
from pyinfra.context import host, state

from deploys import invocation, looks, remote
from deploys.apps import told, users
from deploys.apps.onhost import observe, probe
from deploys.apps.servers import PROGRAM
from deploys.apps.state import Address, Found, Made, Release, SlotFound, Socket, Turn
from deploys.firewall import operations as firewall
from deploys.firewall.wall import Wall
from deploys.looks import Look
from deploys.places.apps import SLOTS, AppPlaces, Slot


class Present(remote.Probe[dict[str, Any]]):
    """The names of all apps that are there."""

    module: ClassVar[ModuleType] = probe

    @staticmethod
    def default() -> dict[str, Any]:
        return {"apps": [], "present": []}


def look_at(all_places: Sequence[AppPlaces], walls: Sequence[Wall] = ()) -> Look:
    """Look at the releases and slots of apps, the names of all that are there, and what keeps them apart."""
    argument = {
        "apps": [question(places) for places in all_places],
        "users": [users.question(places) for places in all_places],
        "firewall": firewall.question(walls, contents=state.config.DIFF),
    }
    return Look(observe, argument, {"apps": [], "present": [], "users": [], "firewall": firewall.NOTHING})


class Observer:
    """Knows the apps of each host."""

    def __init__(self, all_places: Sequence[AppPlaces], walls: Sequence[Wall] = ()) -> None:
        self._all_places = all_places
        self._look_at = look_at(all_places, walls)
        self._alone = {
            places.app: Look(probe, [question(places)], {"apps": [], "present": []}) for places in all_places
        }
        self._first: dict[str, dict[str, Any]] = {}
        self._told: set[tuple[str, str]] = set()

    def found(self, app: str) -> Found:
        """Say what the host in context has of the app, looking for no other once all were looked at."""
        if host.name not in self._first or looks.is_seen(self._look_at):
            return self._of(app, self._look())
        return next(map(found_from, looks.at(self._alone[app])["apps"]), Found())

    def first(self, app: str) -> Found:
        """Say what the host in context had of the app when it was first looked at."""
        if host.name not in self._first:
            self._look()
        return self._of(app, self._first[host.name])

    def tell_unwanted(self) -> None:
        """Warn of each app that was on the host in context, though no longer in the settings, once."""
        seen = self._first.get(host.name) or self._look()
        for app in unwanted(seen["present"], (places.app for places in self._all_places)):
            if (host.name, app) not in self._told:
                self._told.add((host.name, app))
                logger.warning("%s%s", host.print_prefix, no_longer_wanted(app))

    def told(self, app: str) -> str:
        """Say which release of the app has the traffic of the host in context, and which had it before."""
        return told.traffic(self.first(app), self.found(app))

    def is_moved(self, app: str) -> bool:
        """Say whether the traffic has moved since the first look, from what had it before."""
        return told.is_moved(self.first(app), self.found(app))

    def users(self) -> Mapping[str, users.User]:
        """Say what the host in context has of the apps' users."""
        found = zip(self._all_places, self._look()["users"], strict=False)
        return {places.app: users.user_from(data) for places, data in found}

    def firewall(self) -> firewall.Found:
        """Say what the host in context has of the walls around apps."""
        found = self._look()
        return firewall.Found(**found["firewall"], present=tuple(found["present"]))

    def _of(self, app: str, seen: dict[str, Any]) -> Found:
        apps = dict(zip((places.app for places in self._all_places), seen["apps"], strict=False))
        return found_from(apps[app]) if app in apps else Found()

    def _look(self) -> dict[str, Any]:
        found: dict[str, Any] = looks.at(self._look_at)
        self._first.setdefault(host.name, found)
        return found


def unwanted(present: Iterable[str], known: Iterable[str]) -> list[str]:
    """Name the apps that are on a host, though no longer in the settings."""
    return sorted(set(present) - set(known))


def no_longer_wanted(app: str) -> str:
    """Say that an app is not in the settings any more, and what to do about it."""
    return (
        f"{app}: no longer in the settings, but still on the server; {invocation.line('forget')} removes it"
    )


def found_from(data: dict[str, Any]) -> Found:
    """Make `Found` of what the probe says about one app."""
    return Found(
        releases=tuple(Release(**entry) for entry in data["releases"]),
        broken=tuple(data["broken"]),
        slots={cast("Slot", name): _slot(name, slot) for name, slot in data["slots"].items()},
        live=data["live"],
        current=data["current"],
        published=frozenset(data["published"]),
        history=tuple(_turn(entry) for entry in data["history"]),
        sockets={int(port): Socket(**found) for port, found in data["sockets"].items()},
    )


def _turn(entry: dict[str, Any]) -> Turn:
    return Turn(
        release=entry["release"],
        slot=entry["slot"],
        made=Made(entry.get("source"), entry.get("settings")),
        is_back=entry.get("back", False),
        by=entry["by"],
        at=entry["at"],
    )


def _slot(slot: str, data: dict[str, Any]) -> SlotFound:
    return SlotFound(
        files=data["files"],
        release=data["release"],
        address=Address(data["port"], data["prefix"], data["is_public"]) if data["port"] else None,
        units=frozenset(data["units"]),
        running=frozenset(data["running"]),
        enabled=frozenset(data["enabled"]),
        served=data["served"],
        due=data["due"],
        health=data["health"],
        binds=data["port"] + (slot == "b") if data["port"] and not data["is_handed"] else None,
    )


def question(places: AppPlaces) -> dict[str, Any]:
    """Say where the probe finds an app's things."""
    return {
        "app": places.app,
        "releases": places.releases,
        "interpreter": str(PurePosixPath(places.interpreter(1)).relative_to(places.release(1))),
        "wrapper": str(PurePosixPath(places.wrapper(1)).relative_to(places.release(1)) / PROGRAM),
        "b_is_live": places.b_is_live,
        "current": places.current,
        "published": places.published,
        "history": places.history,
        "slots": {
            slot: {
                "service": places.service(slot),
                "secrets": places.secrets(slot),
                "served": places.served(slot),
                "due": places.due(slot),
                "tried": places.tried(slot),
            }
            for slot in SLOTS
        },
    }
