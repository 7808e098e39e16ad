"""What of apps is asked of a host: all of them at first, and one alone once it may have changed."""

from types import SimpleNamespace
from typing import Any

import pytest

from deploys import looks
from deploys.apps import observe
from deploys.apps.observe import Observer
from deploys.apps.onhost import probe
from deploys.looks import Look
from deploys.places.apps import AppPlaces

APPS = ("cafe", "shop", "wiki")


class Host:
    """Has releases 1 of all apps, and keeps what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[Look] = []
        self.seen: set[str] = set()

    def at(self, look: Look) -> Any:
        if look.key not in self.seen:
            self.asked.append(look)
            self.seen.add(look.key)
        apps = look.argument if look.module is probe else look.argument["apps"]
        return {"apps": [{**EMPTY, "current": 1} for _ in apps], "present": ["gone", *APPS], "users": []}

    def is_seen(self, look: Look) -> bool:
        return look.key in self.seen


SLOT = {
    **dict.fromkeys(("release", "port", "health")),
    **dict.fromkeys(("is_public", "is_handed", "served", "due"), False),
    **{"files": {}, "prefix": "", "units": (), "running": (), "enabled": ()},
}
EMPTY: dict[str, Any] = {
    **{"releases": [], "broken": [], "live": "a", "published": [], "history": [], "sockets": {}},
    "slots": {"a": SLOT, "b": SLOT},
}


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Host:
    web = Host()
    monkeypatch.setattr(looks, "at", web.at)
    monkeypatch.setattr(looks, "is_seen", web.is_seen)
    monkeypatch.setattr(observe, "host", SimpleNamespace(name="web", print_prefix=""))
    monkeypatch.setattr(observe, "state", SimpleNamespace(config=SimpleNamespace(DIFF=False)))
    return web


def test_once_a_host_may_have_changed_an_app_is_looked_at_alone(web: Host) -> None:
    places = {app: AppPlaces(app, 20000 + 2 * count) for count, app in enumerate(APPS)}
    observer = Observer([*places.values()])
    assert [observer.found(app).current for app in APPS] == [1, 1, 1]
    web.seen.clear()
    assert observer.found("shop").current == 1
    observer.tell_unwanted()
    observer.first("wiki")
    first, *later = web.asked
    assert first.argument["apps"] == [observe.question(places[app]) for app in APPS]
    assert [(look.module, look.argument) for look in later] == [(probe, [observe.question(places["shop"])])]
