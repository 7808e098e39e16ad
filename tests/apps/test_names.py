"""No two apps have a name in common, whatever they are called; nothing of one is taken for the other's."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase, translate
from itertools import product
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from deploys.apps import removal
from deploys.apps.onhost import names, probe, remains, remove, start
from deploys.config.amounts import Duration
from deploys.config.fields import AppName
from deploys.firewall.onhost import nft
from deploys.onhost import run
from deploys.places import certificates, edge, front, watch
from deploys.places.apps import AppPlaces
from deploys.places.firewall import flushing_of, rules_of
from deploys.places.owned import Owned
from deploys.proxies.nginx.locations import variable
from deploys.proxies.table import PROXIES
from deploys.proxies.traefik.services import app_service
from deploys.watch.onhost import watch as watch_onhost

_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "slot": ("a", "b"),
    "name": ("a", "job-a", "port-8010", "hook-before"),
    "moment": ("before", "after"),
    "port": (8010, 8011),
    "number": (1,),
    "folder": ("static", "a/b"),
    "path": ("data/", "data/db.sqlite3"),
    "unit": (),
}
"""What each parameter of a method can be; of `unit_file`, whatever units there are."""

NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True).filter(lambda name: name[-1] != "-")
ENDS = st.sampled_from(
    ["a", "b", "build", "a-b", "port", "run", "job", "a-process", "conf", "served", "firewall", "pages"]
)
OURS = st.sampled_from(
    [
        *("watch", "watchdog", "certbot", "caddy", "edge", "front", "failures", "nginx", "gatehouse"),
        *("traefik", "traefik-pages", "traefik-logs", "apps-firewall", "firewall", "alert", "run", "port-1"),
    ]
)
PAIRS = st.one_of(
    st.tuples(NAMES, NAMES),
    st.tuples(OURS, NAMES),
    st.tuples(NAMES, ENDS).map(lambda pair: (pair[0], "-".join(pair))),
    st.tuples(NAMES, ENDS, ENDS).map(lambda words: ("-".join(words[:2]), "-".join(words))),
    st.tuples(OURS, ENDS).map(lambda pair: (pair[0], "-".join(pair))),
)

SHARED = (
    *(certificates.OWNED, edge.OWNED, front.OWNED, watch.OWNED),
    *(proxy.owned for proxy in PROXIES.values()),
)
"""What goes while apps stay. What is the firewall's goes after all of them, each one's rules among it."""


def made(places: AppPlaces) -> Iterator[str]:
    """Give each name that the places make of an app's, by all of their properties and methods."""
    for key in _PROPERTIES:
        found = getattr(places, key)
        yield from map(str, found if isinstance(found, tuple) else [found])
    for method, call in _CALLS:
        yield str(method(places, *call))


def _calls(method: Callable[..., object]) -> Iterator[tuple[Any, ...]]:
    parameters = [*inspect.signature(method).parameters][1:]
    return product(*(_ARGUMENTS[parameter] for parameter in parameters))


_MEMBERS = {
    key: member
    for key, member in vars(AppPlaces).items()
    if not key.startswith("_") and key not in {"owned", "every_unit", "any_port"}
}
_PROPERTIES = [key for key, member in _MEMBERS.items() if isinstance(member, property)]
_CALLS = [
    (member, call) for member in _MEMBERS.values() if inspect.isfunction(member) for call in _calls(member)
]


def units(places: AppPlaces) -> list[str]:
    session = f"{places.any_session}.0a1b2c3d.service"
    found = {name for name in made(places) if name.startswith("gatehouse") and name.count(".")}
    return sorted({*(found - {places.any_session}), session})


def belongings(app: str, port: int) -> set[str]:
    """Give all that is named after an app: units, files, a user, tables, and what each proxy calls it."""
    places = AppPlaces(app, port)
    numbers = {str(places.port), *map(str, places.ports), str(places.idle)}
    return {
        *(set(made(places)) - numbers),
        *units(places),
        *(places.unit_file(unit) for unit in units(places)),
        *(f"/var/lib/systemd/timers/stamp-{unit}" for unit in units(places)),
        *(f"/run/gatehouse/{unit}" for unit in units(places)),
        *(rules_of(app), flushing_of(app), nft.table_of(app), nft.unit_of(app)),
        *(variable("slot", app), app_service(places, Duration(60))),
    }


def above(things: set[str]) -> dict[str, str]:
    """Give each thing, and what it lies in, and by which thing that is known."""
    return {
        str(one): thing for thing in things for one in (PurePosixPath(thing), *PurePosixPath(thing).parents)
    }


def matched(owned: Owned, things: Mapping[str, str]) -> set[tuple[str, str]]:
    patterns = (*owned.paths, *owned.units, *owned.tables, *owned.packaged, *owned.users, *owned.folders)
    compiled = [(pattern, re.compile(translate(pattern)).match) for pattern in patterns]
    return {(pattern, things[one]) for pattern, fits in compiled for one in things if fits(one)}


_APP_NAME: TypeAdapter[str] = TypeAdapter(AppName)


@given(PAIRS)
@example(("shop", "shop-a"))
@example(("shop-a", "shop"))
@example(("watch", "watchdog"))
@example(("certbot", "certbot-a"))
def test_nothing_that_belongs_to_one_app_is_taken_for_another_s(pair: tuple[str, str]) -> None:
    one, other = pair
    assume(one != other and all(len(name) <= 27 for name in pair))
    for name in pair:
        _APP_NAME.validate_python(name)
    mine, theirs = AppPlaces(one, 8000), AppPlaces(other, 8010)
    things = belongings(other, 8010)
    assert belongings(one, 8000) & things == set(), "both have it"
    found = above(things)
    assert matched(mine.owned, found) == set(), f"what {one} owns has what is {other}'s"
    for owned in SHARED:
        assert matched(owned, found) == set(), f"a part of the house owns what is {other}'s"
    assert {names.owner(unit) for unit in units(theirs)} == {
        *(names.Owner(other, part) for part in ("a", "b", "build", "port", "run"))
    }


@given(st.text("abgehou-._@0", max_size=30).map(lambda rest: f"gatehouse{rest}"))
@example("gatehouse-watch.service")
@example("gatehouse-traefik-pages.socket")
@example("gatehouse-firewall@shop.service")
@example("gatehouse.alert@gatehouse-shop-a.service.service")
@example("gatehouse-.service.d")
def test_what_no_app_has_is_nobody_s(unit: str) -> None:
    owner = names.owner(unit)
    if owner:
        begins = (f"gatehouse-{owner.app}-{owner.part}.", f"gatehouse-{owner.app}.port-")
        assert unit.startswith((*begins, f"gatehouse.run.{owner.app}."))
        assert _APP_NAME.validate_python(owner.app)


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that has all units of `shop`, `shop-a` and `watch`, of which systemd runs each."""
    monkeypatch.setattr(probe, "UNITS", str(tmp_path / "units"))
    listed = [unit for app in APPS for unit in units(AppPlaces(app, 8010))]
    (tmp_path / "units/multi-user.target.wants").mkdir(parents=True)
    for unit in listed:
        (tmp_path / "units" / unit).write_text("[Unit]\nX-Gatehouse-Release=1\n")
        (tmp_path / "units/multi-user.target.wants" / unit).symlink_to(f"../{unit}")
        (tmp_path / f"stamp-{unit}").touch()
    systemctl = tmp_path / "systemctl"
    rows = "\n".join(f"{unit} loaded active running It" for unit in [*listed, "gatehouse-watch.service"])
    systemctl.write_text(f"#!/bin/sh\ncat <<END\n{rows}\nEND\n")
    systemctl.chmod(0o755)
    monkeypatch.setattr(run, "SYSTEMCTL", str(systemctl))
    return tmp_path


APPS = ("shop", "shop-a", "shop-a-b", "watch", "watchdog")


@pytest.mark.parametrize("app", APPS)
def test_a_removal_has_the_units_of_its_app_alone(there: Path, app: str) -> None:
    argument = removal.plain(AppPlaces(app, 0))
    own = units(AppPlaces(app, 8010))
    assert remains.units(argument) == own
    assert [path.name for path in remains.unit_files(argument)] == own
    assert sorted(path.name for path in remove._named(argument, str(there / "units"), "*.wants/")) == own
    assert sorted(path.name for path in remove._named(argument, str(there), "stamp-")) == [
        f"stamp-{unit}" for unit in own
    ]


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("slot", ["a", "b"])
def test_a_release_takes_the_units_of_its_slot_alone(app: str, slot: Any) -> None:
    found = {path.name for path in start._units({"app": app, "slot": slot})}
    places = AppPlaces(app, 8010)
    assert places.service(slot) in found
    assert found == {unit for unit in units(places) if unit.startswith(f"{places.unit(slot)}.")}


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("app", APPS)
def test_what_is_owned_is_what_a_removal_finds(app: str) -> None:
    """The patterns, by which others know an app's units, and the parse of names say the same."""
    patterns = AppPlaces(app, 0).owned.units
    every = [unit for other in APPS for unit in units(AppPlaces(other, 8010))]
    assert sorted(unit for unit in every if any(fnmatchcase(unit, one) for one in patterns)) == units(
        AppPlaces(app, 8010)
    )


@pytest.mark.usefixtures("there")
def test_the_watch_tells_of_an_app_that_is_called_like_it() -> None:
    told = watch_onhost.units(["gatehouse-*"])
    assert "gatehouse-watch-a.service has failed" in told
    assert "gatehouse-watchdog-b.service has failed" in told
    assert "gatehouse-watch.service has failed" not in told
