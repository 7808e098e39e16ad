"""Which apps are no longer wanted, and that nothing of theirs is overlooked. No server is needed."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.observe import unwanted
from deploys.apps.onhost import probe
from deploys.apps.onhost import remains as remains_onhost
from deploys.apps.removal import plain, told
from deploys.load import server_from
from deploys.places.apps import AppPlaces
from deploys.proxies.nginx.onhost.in_use import certificates, upstreams
from tests.proxies.nginx.trees import render
from tests.proxies.nginx.typical import MACHINES

OURS = "[Unit]\nX-Gatehouse-Release=3\n"
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True)

PRESENT = {
    "nothing": ({}, []),
    "a user": ({"users/gatehouse-shop.conf": ""}, ["shop"]),
    "a unit whose user is gone": ({"units/gatehouse-shop-b.service": OURS}, ["shop"]),
    "a process alone": ({"units/gatehouse-shop-a.process-mail.service": OURS}, ["shop"]),
    "a name that ends like a slot": ({"units/gatehouse-shop-a-b.service": OURS}, ["shop-a"]),
    "an app named as a unit of ours": ({"units/gatehouse-watch-a.service": OURS}, ["watch"]),
    "units of ours that are no app's": (
        {
            "units/gatehouse-watch.service": "",
            "units/gatehouse-watch.timer": "",
            "units/gatehouse-apps-firewall.service": "",
            "units/gatehouse.alert@.service": "",
            "units/gatehouse-.service.d/alert.conf": "",
            "units/gatehouse-shop-a.service.d/mine.conf": OURS,
        },
        [],
    ),
    "a unit of somebody else": ({"units/gatehouse-model-a.service": "[Unit]\n"}, []),
    "other users": ({"users/postgresql.conf": "", "users/gatehouse-shop.conf.bak": ""}, []),
}


@pytest.mark.parametrize("case", PRESENT)
def test_an_app_is_known_by_its_user_and_its_units(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    there, names = PRESENT[case]
    monkeypatch.setattr(probe, "UNITS", str(tmp_path / "units"))
    monkeypatch.setattr(probe, "USERS", str(tmp_path / "users"))
    for path, content in there.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content)
    assert probe.present() == names


@given(st.sets(NAMES), st.sets(NAMES))
def test_an_app_in_the_settings_is_never_unwanted(present: set[str], known: set[str]) -> None:
    found = unwanted(present, known)
    assert not set(found) & known
    assert set(found) | (present & known) == present


def test_nothing_that_an_app_has_is_overlooked() -> None:
    """Whatever path is known of an app goes, with what is above it, or is its data, or dealt with by name."""
    places = AppPlaces("shop", 20010)
    argument = plain(places)
    gone = [*argument["paths"], argument["lock"]["path"], argument["sysusers"]]
    values = [getattr(places, name) for name, entry in vars(AppPlaces).items() if isinstance(entry, property)]
    values += [method(slot) for slot in ("a", "b") for method in (places.secrets, places.served)]
    data = {places.home, places.state, places.persistent}
    paths = {value for value in values if str(value).startswith("/")} - data
    assert len(paths) > 8
    assert [path for path in paths if not any(f"{path}/".startswith(f"{top}/") for top in gone)] == []


def test_the_data_of_the_app_and_of_others_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "UNITS", str(tmp_path))
    app: dict[str, Any] = {
        "app": "shop",
        "paths": [f"{tmp_path}/srv/releases"],
        "home": f"{tmp_path}/srv",
        "state": f"{tmp_path}/state",
        "user": "app-shop-of-nobody",
        "about_user": "",
    }
    writable = tmp_path / "uploads"
    for folder in ("srv/releases/1", "state", "uploads"):
        (tmp_path / folder).mkdir(parents=True)
    unit = tmp_path / "gatehouse-shop-a.service"
    unit.write_text(f"{OURS}ReadWritePaths={writable}\nBindPaths=/none\nReadWritePaths={tmp_path}/state/x\n")
    assert remains_onhost.unit_files(app) == [unit]
    assert not remains_onhost.is_ours(app)
    assert remains_onhost.kept(app) == [str(writable)]
    (tmp_path / "state/data").touch()
    (tmp_path / "srv/theirs").touch()
    assert remains_onhost.kept(app) == [f"{tmp_path}/state", f"{tmp_path}/srv", str(writable)]


def test_what_a_removal_says() -> None:
    remains = {"units": ["x.service", "x.timer"], "paths": ["/x"], "user": "app-x", "keeps": ["/data"]}
    assert told(remains, will=True) == [
        "will stop and remove x.service, x.timer",
        "will remove /x",
        "will remove the user app-x",
        "will keep /data",
    ]
    assert told({"units": [], "paths": [], "user": None, "keeps": []}, will=False) == []


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_the_proxy_names_its_upstreams_as_apps_name_their_slots(machine: Any) -> None:
    settings = {
        "acme": {"email": "ops@example.com"},
        "upstreams": {"pool": {"servers": ["192.0.2.7:80"]}},
        "apps": {"shop": {"source": ".", "asgi": "m:app"}},
        "sites": {"example.com": {"routes": {"/": {"app": "shop"}}}},
    }
    slots = {AppPlaces("shop", server_from(settings).port("shop")).unit(slot) for slot in ("a", "b")}
    files = [*render(settings, machine).values()]
    assert set(upstreams(files)) == slots | {"upstream_pool"}
    assert certificates(files) == ["/etc/gatehouse/certificates/example.com"]
