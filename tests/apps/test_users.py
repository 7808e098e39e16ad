"""Whose an app's things are, as its user comes and goes. No server is needed."""

import json
from pathlib import Path

import pytest

from deploys.apps.onhost import users as users_onhost
from deploys.apps.users import User, question, refusal, user_from
from deploys.places.apps import AppPlaces

SHOP = AppPlaces("shop", 20010)
MINE = ("app-shop", "app-shop")

REFUSALS = {
    "a fresh server": (User(), None),
    "as it must be": (User((995, 994), (995, 994), MINE), None),
    "never started": (User((995, 994), (None, 994), (None, "app-shop")), None),
    "deleted": (User(None, (995, 994), (None, None)), None),
    "its number is another's": (
        User(None, (995, 994), ("mallory", None)),
        "shop: number 995, which is on /var/lib/app-shop, is user mallory's now: give mallory another with"
        " `usermod --uid NUMBER mallory`, see that it owns nothing of the app's, and run again",
    ),
    "its number is another's, and it is there": (
        User((1001, 1001), (995, 994), ("mallory", None)),
        "shop: number 995, which is on /var/lib/app-shop, is user mallory's now: ",
    ),
    "its group's number is another's": (
        User(None, (995, 994), (None, "staff")),
        "shop: number 994, which is on /srv/shop/releases, is group staff's now: give staff another with"
        " `groupmod --gid NUMBER staff`, ",
    ),
    "it has another number": (
        User((1001, 994), (995, 994), (None, "app-shop")),
        "shop: user app-shop has another number than what it owned, /var/lib/app-shop among it: stop its"
        " units, give it back with `usermod --uid 995 app-shop`, and run again",
    ),
    "its group has another number": (
        User((995, 1001), (995, 994), ("app-shop", None)),
        "give it back with `groupmod --gid 994 app-shop`, and run again",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_is_no_longer_its_users_is_refused_in_one_line(case: str) -> None:
    found, expected = REFUSALS[case]
    said = refusal(SHOP, found)
    if expected is None:
        assert said is None
    else:
        assert said is not None
        assert expected in said
        assert "\n" not in said


@pytest.mark.parametrize(
    ("mode", "is_closed"), [(None, True), (0o600, True), (0o644, False), (0o640, False), (0o604, False)]
)
def test_a_history_that_others_may_read_is_closed(
    tmp_path: Path, mode: int | None, *, is_closed: bool
) -> None:
    """As an earlier gatehouse has left it, with digests over secrets."""
    history = tmp_path / "shop"
    if mode is not None:
        history.write_text("{}")
        history.chmod(mode)
    asked = json.loads(json.dumps([question(SHOP) | {"history": str(history)}]))

    def found() -> User:
        return user_from(users_onhost.look(asked)[0])

    assert found().is_closed == is_closed
    users_onhost.close(str(history))
    assert found().is_closed
    assert history.exists() == (mode is not None)


def test_an_app_with_an_open_history_is_not_as_wanted() -> None:
    known = User((995, 994), (995, 994), MINE, is_known=True)
    assert known.is_as_wanted
    assert not User((995, 994), (995, 994), MINE, is_known=True, is_closed=False).is_as_wanted
