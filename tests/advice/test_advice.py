"""Where the tree leads, by what was seen, and that its page and its picture say the same."""

import re
import socket
from html import unescape
from typing import Any

import pytest

from deploys.advice import looking
from deploys.advice.advice import advise, lines, needs_a_proxy
from deploys.advice.signs import Sign, read
from deploys.advice.tree import (
    BALANCED,
    BALANCER,
    CLOUDFLARE,
    CLOUDFLARES,
    DIRECT,
    ITSELF,
    NONE,
    PLATFORM,
    PLATFORMS,
    Advice,
    Question,
    nodes,
)
from deploys.load import server_from
from tests.documented import ROOT
from tests.provision import pyinfra

OWN = ["192.0.2.7", "10.0.0.5", "2001:db8::7"]


@pytest.mark.parametrize(
    ("addresses", "behind", "answer", "words"),
    [
        ([], "www.shop.test", ITSELF, "DNS has no address"),
        (["192.0.2.7"], "www.shop.test", ITSELF, "the server's own"),
        (["192.0.2.7", "2001:db8::7"], "www.shop.test", ITSELF, "the server's own"),
        (["104.16.1.1", "172.64.0.9"], "www.shop.test", CLOUDFLARES, "in Cloudflare's networks"),
        (["2606:4700::1"], "www.shop.test", CLOUDFLARES, "in Cloudflare's networks"),
        (["104.16.1.1", "192.0.2.7"], "www.shop.test", BALANCER, "104.16.1.1: no address of the server's"),
        (["198.51.100.9"], "www.shop.test", BALANCER, "198.51.100.9: no address of the server's"),
        (["198.51.100.9"], "shop-1.eu-central-1.elb.amazonaws.com", BALANCER, "an AWS load balancer"),
        (["198.51.100.9"], "d111111abcdef8.cloudfront.net", BALANCER, "AWS CloudFront"),
        (["192.0.2.7"], "shop.westeurope.cloudapp.azure.com", ITSELF, "the server's own"),
        (["198.51.100.9"], "shop.herokudns.com", PLATFORMS, "Heroku"),
        (["104.16.1.1"], "shop.pages.dev", PLATFORMS, "Cloudflare Pages"),
        (["192.0.2.7"], "herokudns.com.shop.test", ITSELF, "the server's own"),
        (["192.0.2.7"], "notherokudns.com", ITSELF, "the server's own"),
    ],
)
def test_where_dns_leads_is_known(addresses: list[str], behind: str, answer: str, words: str) -> None:
    sign = read(addresses, behind, OWN)
    assert sign.answer == answer
    assert words in sign.words


SHOP = {"source": ".", "asgi": "shop:app"}
ACME = {"email": "ops@example.com"}


def settings(routes: dict[str, Any]) -> Any:
    return server_from(
        {"acme": ACME, "apps": {"shop": SHOP}, "sites": {"www.example.com": {"routes": routes}}}
    )


@pytest.mark.parametrize(
    ("routes", "count"),
    [
        ({"/": {"app": "shop"}}, 0),
        ({"/": {"app": "shop", "limits": {"rate": "1/s"}}}, 1),
        ({"/": {"app": "shop", "limits": {"connections": 10}}}, 1),
        ({"/": {"app": "shop"}, "/static/": {"files": "/srv/www"}}, 2),
        ({"/api/": {"app": "shop", "prefix": "/api"}}, 1),
        ({"/": {"app": "shop"}, "/old": {"redirect": "/"}}, 2),
    ],
)
def test_what_only_a_proxy_does_is_found_in_the_settings(routes: dict[str, Any], count: int) -> None:
    assert len(needs_a_proxy(settings(routes))) == count
    assert needs_a_proxy(None) == []


@pytest.mark.parametrize(
    ("answer", "needs", "expected"),
    [
        (ITSELF, [], DIRECT),
        (ITSELF, ["files"], DIRECT),
        (BALANCER, [], NONE),
        (BALANCER, ["files"], BALANCED),
        (CLOUDFLARES, [], CLOUDFLARE),
        (PLATFORMS, ["files"], PLATFORM),
    ],
)
def test_the_tree_is_followed_to_its_end(answer: str, needs: list[str], expected: Advice) -> None:
    found, way = advise(Sign(answer, "seen"), needs)
    assert found == expected
    assert len(way) == (2 if answer == BALANCER else 1)


def test_what_comes_over_the_internet_asks_for_a_proxy_that_speaks_tls() -> None:
    found, way = advise(read(["198.51.100.9"], "d111111abcdef8.cloudfront.net", OWN), [])
    assert found == BALANCED
    assert "AWS CloudFront comes over the Internet" in way[-1]
    assert advise(read(["198.51.100.9"], "shop-1.eu-central-1.elb.amazonaws.com", OWN), [])[0] == NONE


def test_every_end_is_reached() -> None:
    ends = [node for node in nodes() if isinstance(node, Advice)]
    assert ends == [DIRECT, NONE, BALANCED, CLOUDFLARE, PLATFORM]


def test_what_is_told_has_the_reasons_and_what_to_set() -> None:
    told = [*lines("www.example.com", Sign(BALANCER, "198.51.100.9"), [], ["port 80: closed"], "no edge")]
    assert told[0] == "www.example.com"
    assert "  port 80: closed" in told
    assert any(NONE.settings in line for line in told)
    assert any("another server of yours" in line for line in told)
    assert told[-1].endswith("the settings have no edge")


@pytest.mark.parametrize(
    ("data", "code", "expected"),
    [
        ({"name": "www.shop.test"}, 0, "www.shop.test\n  Where does DNS lead the name?"),
        ({"name": "www..test"}, 1, "name: 'www..test': write a domain name"),
        ({}, 1, "which name? Add --data name=www.example.com"),
    ],
)
def test_before_there_are_settings_a_name_is_said(data: dict[str, str], code: int, expected: str) -> None:
    run = pyinfra({"@local": data}, deploy="deploys/advise.py")
    assert run.code == code
    assert expected in run.output


def test_an_advice_that_names_settings_names_some_that_are_taken() -> None:
    """All of them but for the networks, which nobody can know but the user."""
    for advice in (node for node in nodes() if isinstance(node, Advice) and node.settings):
        said: dict[str, Any] = {}
        for piece in advice.settings.replace("[...]", '["10.0.0.0/24"]').split(", public")[0].split(", edge"):
            exec(piece if piece.startswith("proxy") else f"edge{piece}", said)  # noqa: S102  # our own words
        said.pop("__builtins__")
        public = {"name": "www.example.com", "port": 8000}
        bare = said["proxy"] == "none"
        sites = {"acme": ACME, "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}}}
        apps = {"shop": {**SHOP, **({"public": public} if bare else {})}}
        assert server_from({**said, **({} if bare else sites), "apps": apps}).proxy == said["proxy"]


def _words_of_the_picture() -> str:
    """All of its text, line after line."""
    picture = (ROOT / "docs/images/choosing.svg").read_text()
    return " ".join(unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture))


def test_the_picture_has_every_question_answer_and_end() -> None:
    words = _words_of_the_picture()
    for node in nodes():
        if isinstance(node, Question):
            assert node.asks in words
            assert [answer for answer in node.answers if answer not in words] == []
        else:
            assert node.name in words


def test_the_page_has_every_question_answer_and_end() -> None:
    page = re.sub(r"\s+", " ", (ROOT / "docs/choosing.md").read_text())
    for node in nodes():
        if isinstance(node, Question):
            assert node.asks in page
            assert [answer for answer in node.answers if answer not in page] == []
        else:
            assert f"**{node.name}**" in page
            assert node.why in page
            assert not node.settings or f"`{node.settings}`" in page


def test_nobody_is_visited_but_the_server_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    visited: list[tuple[str, int]] = []

    def connect(where: tuple[str, int], *_: Any, **__: Any) -> socket.socket:
        visited.append(where)
        raise ConnectionRefusedError(111, "refused")

    monkeypatch.setattr(socket, "create_connection", connect)
    seen = [*looking.ports("www.shop.test", ["127.0.0.1"], [8000])]
    assert sorted(visited) == [("127.0.0.1", 80), ("127.0.0.1", 443), ("127.0.0.1", 8000)]
    assert seen[0] == "127.0.0.1 port 80: the connection is refused"
    assert seen[2] == "127.0.0.1 port 8000: closed from here"
