"""By what a release is known again, whichever gatehouse has written it down."""

import hashlib
import json
from pathlib import Path

import pytest

from deploys.apps import arguments
from deploys.apps.build import recipe
from deploys.apps.release import Release
from deploys.apps.source import Source
from deploys.apps.state import Found, Made
from deploys.apps.steps import Switch
from deploys.config import App
from deploys.onhost.run import Commands
from deploys.places.apps import AppPlaces

WORD = "hunter2"
SAID = {"asgi": "shop:app", "server": "uvicorn", "drain": 21}
SECRETS = {"secrets": {"TOKEN": {"file": "token"}}}


def release(folder: Path, *, has_secrets: bool, word: str = WORD, obey: Commands = ()) -> Release:
    app = App.model_validate({"source": ".", **SAID, **(SECRETS if has_secrets else {})})
    source = Source(folder, (), None)
    return Release(
        app=app,
        places=AppPlaces("shop", 20010),
        source=source,
        recipe=recipe(app, source),
        secret=lambda _name: word,
        ca_bundle="",
        index_logins="",
        health_host="a.test",
        prefix="/shop",
        folders=(),
        leads=True,
        backs_off=True,
        obey=obey,
    )


def digests(*, has_secrets: bool) -> tuple[str, str]:
    """Give the slow one and the quick one of the settings."""
    secrets = {"TOKEN": WORD} if has_secrets else {}
    whole = json.dumps([SAID, secrets, "/shop", 20010], sort_keys=True).encode()
    slow = hashlib.pbkdf2_hmac("sha256", whole, b"gatehouse", 20_000).hex()
    return slow, hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("has_secrets", [True, False])
def test_it_is_known_by_either_kind_of_digest(tmp_path: Path, *, has_secrets: bool) -> None:
    made = release(tmp_path, has_secrets=has_secrets).made
    for digest in digests(has_secrets=has_secrets):
        assert made.is_as(Made(made.source, digest))
    assert not made.is_as(Made(made.source, None))


def test_with_another_secret_it_is_another(tmp_path: Path) -> None:
    made = release(tmp_path, has_secrets=True, word="hunter3").made
    assert not any(made.is_as(Made(made.source, digest)) for digest in digests(has_secrets=True))


def test_of_secrets_a_server_is_told_the_slow_one_alone(tmp_path: Path) -> None:
    slow, quick = digests(has_secrets=True)
    _, argument = arguments.of(release(tmp_path, has_secrets=True), Switch("a", 1), Found())
    assert argument["turn"]["settings"] == slow
    assert quick not in json.dumps(argument)
