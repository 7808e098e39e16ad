"""Apps that are no longer in the settings, removed on request."""

from collections.abc import Collection, Generator, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import invocation, remote
from deploys.apps import observe
from deploys.apps.onhost import remains as remains_onhost
from deploys.apps.onhost import remove as remove_onhost
from deploys.apps.turn import turn
from deploys.config import App, Server
from deploys.places.apps import SLOTS, AppPlaces
from deploys.refusal import Refusal


class Remains(remote.Probe[list[dict[str, Any]]]):
    """What there is of apps that are to go."""

    module: ClassVar[ModuleType] = remains_onhost

    @staticmethod
    def default() -> list[dict[str, Any]]:
        return []


def forget(server: Server, upstreams: Collection[str]) -> None:
    """Remove the apps that are on the host in context, though no longer in the settings.

    Args:
        server: the settings.
        upstreams: the names of those to which the proxy sends requests now.

    Raises:
        Refusal: one of them is an app that is to go.

    """
    present = host.get_fact(observe.Present, argument=[])["present"]
    all_places = [AppPlaces(app, port=0) for app in observe.unwanted(present, server.apps)]
    busy = [places.app for places in all_places if {*map(places.unit, SLOTS)} & set(upstreams)]
    if busy:
        raise Refusal("\n".join(f"{host.name}: {_refusal(app, server.proxy)}" for app in busy))
    if not all_places:
        logger.info("%severy app is in the settings", host.print_prefix)
    _remove(all_places)


def remove_all() -> None:
    """Remove every app that is on the host in context, in the settings or not."""
    present = host.get_fact(observe.Present, argument=[])["present"]
    _remove([AppPlaces(app, port=0) for app in present])


def _remove(all_places: Sequence[AppPlaces]) -> None:
    if not all_places:
        return
    found = host.get_fact(Remains, argument=[plain(places) for places in all_places])
    for places, remains in zip(all_places, found, strict=True):
        remove(name=f"App {places.app}: remove", places=places, remains=remains)


@operation()
def remove(places: AppPlaces, remains: Mapping[str, Any]) -> Generator[StringCommand, None, None]:
    """End an app's units and remove all that it has, but for its data.

    Args:
        places: where its things are.
        remains: what there is of it.

    """
    for words in told(remains, will=not state.is_executing):
        logger.info("%s%s: %s", host.print_prefix, places.app, words)
    yield remote.run(remove_onhost, plain(places))


def told(remains: Mapping[str, Any], *, will: bool) -> list[str]:
    """Say in a few lines what a removal does."""
    steps = {
        "stop and remove": remains["units"],
        "remove": remains["paths"],
        "remove the user": [remains["user"]] if remains["user"] else [],
        "keep": remains["keeps"],
    }
    words = "will " if will else ""
    return [f"{words}{step} {', '.join(things)}" for step, things in steps.items() if things]


def plain(places: AppPlaces) -> dict[str, Any]:
    """Say where all of an app's things are; `paths` go, with all that is below them."""
    return {
        "app": places.app,
        "drain": App.model_fields["drain"].default,
        "paths": [*places.files],
        "home": places.home,
        "state": places.state,
        "user": places.user,
        "about_user": places.about_user,
        "sysusers": places.sysusers,
        "lock": turn(places, end=True),
    }


def _refusal(app: str, proxy: str) -> str:
    return f"{app}: not removed, {proxy} still sends requests to it; run {invocation.line('site')} first"
