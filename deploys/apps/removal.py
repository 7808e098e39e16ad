"""Apps that are no longer in the settings, removed on request."""

from collections.abc import Collection, Generator, Mapping
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import remote
from deploys.apps import observe
from deploys.apps.layout import SLOTS, Layout
from deploys.apps.onhost import remains as remains_onhost
from deploys.apps.onhost import remove as remove_onhost
from deploys.apps.release import turn
from deploys.config import App, Server
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
    layouts = [Layout(app, port=0) for app in observe.unwanted(present, server.apps)]
    busy = [layout.app for layout in layouts if {*map(layout.unit, SLOTS)} & set(upstreams)]
    if busy:
        raise Refusal("\n".join(f"{host.name}: {_refusal(app, server.proxy)}" for app in busy))
    if not layouts:
        logger.info("%severy app is in the settings", host.print_prefix)
        return
    found = host.get_fact(Remains, argument=[places(layout) for layout in layouts])
    for layout, remains in zip(layouts, found, strict=True):
        remove(name=f"App {layout.app}: remove", layout=layout, remains=remains)


@operation()
def remove(layout: Layout, remains: Mapping[str, Any]) -> Generator[StringCommand, None, None]:
    """End an app's units and remove all that it has, but for its data.

    Args:
        layout: where its things are.
        remains: what there is of it.

    """
    for words in told(remains, will=not state.is_executing):
        logger.info("%s%s: %s", host.print_prefix, layout.app, words)
    yield remote.run(remove_onhost, places(layout))


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


def places(layout: Layout) -> dict[str, Any]:
    """Say where all of an app's things are; `paths` go, with all that is below them."""
    return {
        "app": layout.app,
        "units": [*map(layout.unit, SLOTS), layout.any_port],
        "build": layout.build_unit,
        "drain": App.model_fields["drain"].default,
        "paths": [
            layout.secrets_of_slots,
            layout.b_is_live,
            layout.history,
            *map(layout.served, SLOTS),
            *map(layout.due, SLOTS),
            layout.current,
            f"{layout.current}.new",
            layout.public,
            layout.releases,
        ],
        "home": layout.home,
        "state": layout.state,
        "user": layout.user,
        "about_user": layout.about_user,
        "sysusers": layout.sysusers,
        "lock": turn(layout, end=True),
    }


def _refusal(app: str, proxy: str) -> str:
    return f"{app}: not removed, {proxy} still sends requests to it; run deploys/site.py first"
