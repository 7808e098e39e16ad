"""Which settings never show their values: all whose type says where a secret is, and some besides."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from deploys.config import Server
from deploys.config.remedies import meant
from deploys.config.secrecy import is_secret
from deploys.config.secrets import OrOrigin
from deploys.config.settings import Settings


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("acme eab kid", True),
        ("acme eab", True),
        ("acme email", False),
        ("acme dns credentials token", True),
        ("acme dns plugin", False),
        ("alerts webhook url", True),
        ("alerts webhook headers Authorization", True),
        ("alerts mail password", True),
        ("alerts mail host", False),
        ("apps shop env KEY", True),
        ("apps shop secrets TOKEN command", True),
        ("apps shop indexes default password", True),
        ("apps shop indexes default url", False),
        ("apps shop source git", False),
        ("apps env server", False),
        ("sites www.example.com routes", False),
        ("no such key", False),
    ],
)
def test_what_is_secret(place: str, expected: bool) -> None:
    assert is_secret(Server, place.split()) == expected


class Next(Settings):
    """A group as somebody may write it one day."""

    token: OrOrigin[str]
    places: dict[str, dict[str, OrOrigin[str]]] = {}
    name: str = ""


def test_the_next_secret_is_one_by_its_type() -> None:
    places = ["token", "token env", "places a b", "name", "unheard-of"]
    assert [place for place in places if is_secret(Next, place.split())] == places[:3]


def groups(group: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield group
    for each in group.__subclasses__():
        yield from groups(each)


def test_no_group_keeps_a_secret_as_a_plain_text() -> None:
    suspicious = ("password", "passphrase", "token", "secret", "hmac")
    for group in groups(Settings):
        for name in group.model_fields:
            if any(word in name for word in suspicious) and not name.endswith("_file"):
                assert is_secret(group, [name]), f"expected {group.__name__}.{name} to be hidden"


@pytest.mark.parametrize(
    ("word", "known", "words"),
    [
        ("shopp", ["shop", "cafe"], "did you mean 'shop'? "),
        ("Shop", ["shop", "cafe"], "did you mean 'shop'? "),
        ("maybe", ["yes", "no"], ""),
        ("store", ["shop", "cafe"], ""),
        ("web", ["www.example.com"], ""),
        ("ww.example.com", ["www.example.com", "api.example.com"], "did you mean 'www.example.com'? "),
        ("prod", ["staging", "lab"], ""),
        (None, ["shop"], ""),
        ("shop", [], ""),
    ],
)
def test_only_a_near_word_is_thought_to_be_meant(word: object, known: list[str], words: str) -> None:
    assert meant(word, known) == words
