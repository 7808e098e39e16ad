"""What is told before a host is asked: words given with --data, and settings that are not there."""

import re
from typing import Any

import pytest

from deploys.apps.going_back import which_app, which_release
from deploys.config.placeholders import placeholders
from deploys.load import idle, server_from
from tests.config.wrong import SMALLEST, changed
from tests.provision import pyinfra

OWN: dict[str, Any] = {
    **SMALLEST,
    "acme": {"email": "ops@gatehouse.test", "directory": "https://ca.gatehouse.test/directory"},
    "sites": {"www.gatehouse.test": {"routes": {"/": {"app": "shop"}}}},
}
HOST = "@fake/server"

SAID = [
    ("site", "of=shop", "--data of: unknown; this deploy takes again"),
    ("site", "again=maybe", 'again: \'maybe\': write "yes" or "no", as in --data again=yes'),
    ("site", "aps=x", "--data aps: unknown; did you mean 'apps'? this deploy takes again"),
    ("rollback", "ap=shop", "--data ap: unknown; did you mean 'app'? this deploy takes app or to"),
    ("rollback", "of=shop", "--data of: unknown; did you mean 'app'? this deploy takes app or to"),
    ("maintenance", "maintenance=onn", "maintenance: 'onn': did you mean 'on'? write \"on\" or \"off\""),
    ("maintenance", "maintenanc=on", 'maintenance: None: write "on" or "off", as in --data maintenance=on'),
    ("renew", "rehearse=ye", "rehearse: 'ye': did you mean 'yes'? write \"yes\" or \"no\""),
    ("renew", "only=www.gatehouse.test", "--data only: unknown; did you mean 'site'? this deploy takes"),
    ("report", "since=2hours", "since: '2hours': did you mean '2h'? write minutes, hours or days"),
    ("report", "of=x", "--data of: unknown; did you mean 'site'? this deploy takes since or site"),
    (
        "report",
        "site=gatehouse.test",
        "site: 'gatehouse.test': did you mean 'www.gatehouse.test'? write a name",
    ),
]


@pytest.mark.parametrize(
    ("deploy", "word", "line"), SAID, ids=[f"{deploy} {word}" for deploy, word, _ in SAID]
)
def test_a_word_that_is_wrong(deploy: str, word: str, line: str) -> None:
    run = pyinfra({HOST: {**OWN, "fake_delay": 0}}, "--data", word, deploy=f"deploys/{deploy}.py")
    assert run.code != 0
    assert line in " ".join(run.output.split())
    assert "Traceback" not in run.output


APPS = {
    "shopp": "app: 'shopp': did you mean 'shop'? write one of the apps: cafe, shop",
    "x": "app: 'x': write one of the apps: cafe, shop",
    None: "which app? Add --data app=NAME with one of: cafe, shop",
}


@pytest.mark.parametrize("app", APPS)
def test_an_app_to_roll_back_that_is_none(app: str | None) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(APPS[app])}$"):
        which_app(["shop", "cafe"], app)


@pytest.mark.parametrize("key", ["env", "limits", "secrets", "source"])
def test_a_key_of_an_app_that_may_be_the_user_s_own(key: str) -> None:
    line = f"{key}: does nothing at the top; if an app is to have it, write apps['shop'][{key!r}]"
    app = {"asgi": "shop.main:app"}
    assert [*idle({"apps": {"shop": app}, key: {}})] == [line]
    assert [*idle({"apps": {"shop": {**app, key: {}}}, key: {}})] == [], "expected the one to be of the other"


@pytest.mark.parametrize(
    ("key", "group"),
    [("webhook", "alerts"), ("mail", "alerts"), ("dns", "acme"), ("email", "acme"), ("cloudflare", "edge")],
)
def test_a_key_of_a_group_that_may_be_the_user_s_own(key: str, group: str) -> None:
    line = f"{key}: does nothing at the top; if it is to have one, write {group}[{key!r}]"
    assert [*idle({key: {}})] == [line]
    assert [*idle({group: {key: {}}, key: {}})] == [], "expected the one to be of the other"


def test_an_app_where_there_is_none() -> None:
    with pytest.raises(ValueError, match=r"^there is no app yet: write one to apps in the settings$"):
        which_app([], None)


@pytest.mark.parametrize("number", ["last", "-1", "v7", "", "1.5"])
def test_a_release_that_is_no_number(number: str) -> None:
    with pytest.raises(ValueError, match="write the number of a release"):
        which_release(number)


def test_what_need_not_be_named() -> None:
    assert which_app(["shop"], None) == "shop"
    assert which_app(["shop", "cafe"], "cafe") == "cafe"
    assert which_release(None) is None
    assert which_release("7") == 7


def test_a_host_without_settings() -> None:
    run = pyinfra({HOST: {"fake_delay": 0}})
    assert run.code != 0
    assert f"{HOST}: there are no settings: write them to group_data/" in run.output


def test_settings_that_were_left_as_they_stand() -> None:
    run = pyinfra({HOST: {**SMALLEST, "fake_delay": 0}})
    assert run.code != 0
    assert f"{HOST}: sites: 'www.example.com': write your own domain, this one is an example's" in run.output


LEFT = [
    ("pass", ["acme['email']", "sites: 'www.example.com'"]),
    ("acme['directory'] = 'letsencrypt-staging'", ["acme['email']", "sites: 'www.example.com'"]),
    ("acme['directory'] = 'https://ca.example.com/directory'", []),
    ("acme['email'] = 'ops@gatehouse.dev'", ["sites: 'www.example.com'"]),
    ("acme['email'] = 'ops@gatehouse.dev'; www['certificate'] = {'chain': 'c', 'key': 'k'}", []),
    (
        "acme['email'] = 'ops@gatehouse.dev'; sites['www.gatehouse.dev'] = sites.pop('www.example.com')",
        [],
    ),
    (
        "acme['email'] = 'ops@gatehouse.dev'; www['aliases'] = ['example.org'];"
        "sites['www.gatehouse.dev'] = sites.pop('www.example.com')",
        ["sites['www.gatehouse.dev']['aliases']: 'example.org'"],
    ),
]


@pytest.mark.parametrize(("change", "keys"), LEFT, ids=[change for change, _ in LEFT])
def test_which_names_are_an_examples(change: str, keys: list[str]) -> None:
    lines = list(placeholders(server_from(changed(change))))
    assert len(lines) == len(keys)
    assert all(line.startswith(key) for line, key in zip(lines, keys, strict=True))
