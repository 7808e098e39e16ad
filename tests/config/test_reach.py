"""What an app may reach, in the words of the settings. No server is needed."""

import re
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.config.reach import SERVICES, Endpoint, endpoints
from deploys.load import server_from
from deploys.refusal import Refusal


def settings(*reach: str, **others: list[str]) -> dict[str, Any]:
    app = {"source": ".", "asgi": "m:app"}
    return {
        "acme": {"email": "ops@example.com"},
        "apps": {"shop": app | {"reach": list(reach)}}
        | {name: app | {"reach": reached, "port": 9000 + 2 * len(name)} for name, reached in others.items()},
        "sites": {f"{name}.example.com": {"routes": {"/": {"app": name}}} for name in ("shop", *others)},
    }


ACCEPTED = {
    "127.0.0.1:5432": [("127.0.0.1/32", 5432, 5432)],
    "10.0.0.0/8:8000-8010": [("10.0.0.0/8", 8000, 8010)],
    "[fd00::5]:5432": [("fd00::5/128", 5432, 5432)],
    "[fd00::/8]:1-65535": [("fd00::/8", 1, 65535)],
    "localhost:6379": [("127.0.0.1/32", 6379, 6379), ("::1/128", 6379, 6379)],
    "169.254.169.254:80": [("169.254.169.254/32", 80, 80)],
    "metadata": [],
    **{service: [] for service in SERVICES},
    "cafe": [],
}


@pytest.mark.parametrize("word", ACCEPTED)
def test_what_a_word_opens(word: str) -> None:
    expected = tuple(Endpoint(ip_network(network), *ports) for network, *ports in ACCEPTED[word])
    assert endpoints(word) == expected
    assert server_from(settings(word, cafe=[])).apps["shop"].reach == (word,)


REFUSED = [
    *("", "127.0.0.1", "127.0.0.1:", ":5432", "127.0.0.1:0", "127.0.0.1:70000", "127.0.0.1:20-10"),
    *("10.0.0.1/8:80", "300.0.0.1:80", "::1:80", "[::1%lo]:80", "[::ffff:7f00:1]:80", "db.example.com:5432"),
    *("Postgres", "postgresql", "shop", "127.0.0.1:80 accept", "127.0.0.1:80\n", '127.0.0.1:80"'),
    "\N{ARABIC-INDIC DIGIT ONE}27.0.0.1:80",
]


@pytest.mark.parametrize("word", REFUSED)
def test_a_word_that_opens_nothing_is_refused_in_one_line(word: str) -> None:
    with pytest.raises(Refusal) as refusal:
        server_from(settings(word, cafe=[]))
    _, *lines = str(refusal.value).splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith(f"apps['shop']['reach'][0]: {word!r}: ")
    assert re.search(r"\b(write|name|remove) ", lines[0])


def test_a_name_that_means_two_things_is_refused() -> None:
    with pytest.raises(Refusal, match=r"apps\['shop'\]\['reach'\]\[0\]: 'redis': an app has this name, too"):
        server_from(settings("redis", redis=[]))
    assert server_from(settings("postgres", redis=[]))


@given(st.one_of(st.text(), st.from_regex(r"[0-9a-z.:\[\]/-]{1,24}", fullmatch=True)))
def test_whatever_passes_is_a_name_or_addresses_and_ports(word: str) -> None:
    try:
        found = endpoints(word)
    except ValueError:
        with pytest.raises(ValueError, match=r"^[^\n]*write [^\n]*$"):
            endpoints(word)
        return
    assert found or word.replace("-", "a").isalnum()
    for endpoint in found:
        assert 1 <= endpoint.first <= endpoint.last <= 65535
