"""What Traefik is to follow: made of the routing, the marks and the certificates."""

import json
from typing import Any

import pytest

from deploys.load import server_from
from deploys.places.apps import AppPlaces
from deploys.places.sites import maintenance
from deploys.proxies.traefik.configuration import files
from deploys.proxies.traefik.onhost import choices, in_use, where
from deploys.routing import routing
from tests.proxies.traefik.typical import SMALLEST

B_IS_LIVE, MAINTENANCE = AppPlaces("shop", 20000).b_is_live, maintenance("example.com")


@pytest.fixture
def found() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(files(routing(server_from(SMALLEST)), {})[where.ROUTING])
    return parsed


@pytest.mark.parametrize(("marks", "port"), [(set(), 20000), ({B_IS_LIVE}, 20001), ({MAINTENANCE}, 20000)])
def test_a_mark_gives_a_slot_the_traffic(found: dict[str, Any], marks: set[str], port: int) -> None:
    services = choices.chosen(found, marks.__contains__)["http"]["services"]
    assert services["gatehouse-shop:1m"]["loadBalancer"]["servers"] == [{"url": f"http://127.0.0.1:{port}"}]


@pytest.mark.parametrize(
    ("marks", "is_paused"), [(set(), False), ({B_IS_LIVE}, False), ({MAINTENANCE}, True)]
)
def test_a_mark_puts_a_site_under_maintenance(
    found: dict[str, Any], marks: set[str], is_paused: bool
) -> None:
    routers = choices.chosen(found, marks.__contains__)["http"]["routers"]
    assert ("example.com/:maintenance" in routers) == is_paused
    if is_paused:
        assert routers["example.com/:maintenance"]["priority"] > routers["example.com/"]["priority"]


def test_what_is_chosen_leaves_the_routing_as_it_was(found: dict[str, Any]) -> None:
    before = json.dumps(found)
    choices.chosen(found, {B_IS_LIVE, MAINTENANCE}.__contains__)
    assert json.dumps(found) == before


def test_each_choice_and_each_certificate_has_a_name_of_its_own(found: dict[str, Any]) -> None:
    def digest(marks: set[str], chain: str) -> str:
        chosen = choices.chosen(found, marks.__contains__)
        return choices.named(choices.with_certificates(chosen, lambda path: f"{chain} of {path}"))[0]

    digests = [
        digest(marks, chain) for marks in (set(), {B_IS_LIVE}, {MAINTENANCE}) for chain in ("old", "new")
    ]
    assert len({*digests}) == 6
    assert digest(set(), "old") == digests[0]


def test_a_choice_tells_its_name(found: dict[str, Any]) -> None:
    digest, content = choices.named(choices.chosen(found, lambda _: False))
    assert choices.digest_of(json.loads(content)) == digest


def test_certificates_take_the_place_of_their_paths(found: dict[str, Any]) -> None:
    chosen = choices.with_certificates(
        choices.chosen(found, lambda _: False), lambda path: f"content of {path}"
    )
    folder = "/etc/gatehouse/certificates/example.com"
    assert chosen["tls"]["certificates"] == [
        {"certFile": f"content of {folder}/fullchain.pem", "keyFile": f"content of {folder}/privkey.pem"}
    ]


@pytest.mark.parametrize("text", ["{{", "{{{", '{{ env "HOME" }}', "a{{b}}c", "{ {", "{"])
def test_nothing_in_it_is_a_template(text: str) -> None:
    written = choices.text({"a": [text], "b": {}})
    assert "{{" not in written
    assert json.loads(written) == {"a": [text], "b": {}}


def test_what_is_in_use(found: dict[str, Any]) -> None:
    assert in_use.upstreams(found) == ["gatehouse-shop-a", "gatehouse-shop-b"]
    assert in_use.certificates(found) == ["/etc/gatehouse/certificates/example.com"]
