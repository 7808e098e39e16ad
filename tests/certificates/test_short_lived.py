"""Certificates that live for 160 hours, seen at the hours that count by turning the programs' clock."""

import json
import ssl
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.certificates.beside import lab_beside
from tests.certificates.renewal import renew_after, serial
from tests.house import House, sites
from tests.lab import CaOptions, Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

HOURS = 160
CERTBOTS: dict[str, tuple[str, dict[str, Any]]] = {
    "2.1": ("12", {}),
    "4.0": ("13", {"profile": "shortlived"}),
    "5.5": ("forky", {"profile": "shortlived"}),
    "5.8": ("12", {"profile": "shortlived"}),
}
LOOK = "openssl x509 -in /etc/gatehouse/certificates/{}/fullchain.pem"


@pytest.fixture(scope="module")
def beside() -> Iterator[Lab]:
    """A CA with this one profile, which it also gives to those that cannot ask for one."""
    options = CaOptions(debian="forky", profiles=("shortlived",))
    with lab_beside("short", options) as lab:
        yield lab


@pytest.fixture(scope="module", params=CERTBOTS)
def short(request: pytest.FixtureRequest, beside: Lab) -> Iterator[tuple[str, House]]:
    release, terms = CERTBOTS[request.param]
    server = beside.up(f"short-{request.param.replace('.', '-')}", debian=release)
    plain = House.on(beside, server, apps={}, sites=sites(f"www.{server.name}.test"))
    house = House(beside, server, {**plain.settings, "acme": {**plain.settings["acme"], **terms}})
    house.deploy().check()
    server.install("faketime")
    server.run("echo no-random-sleep-on-renew = true >> /etc/letsencrypt/cli.ini")
    yield request.param, house
    beside.down(server.name)


def service(version: str) -> str:
    return "gatehouse-certbot.service" if version == "5.8" else "certbot.service"


def watch_after(house: House, hours: int) -> tuple[int, str]:
    done = house.server.run(f"faketime -f +{hours}h gatehouse-watch", check=False)
    return done.returncode, done.stdout + done.stderr


def test_it_is_issued_and_kept(short: tuple[str, House]) -> None:
    version, house = short
    end = house.server.run(
        f"{LOOK.format(house.domain)} -noout -checkend {(HOURS - 1) * 3600} && "
        f"! {LOOK.format(house.domain)} -noout -checkend {HOURS * 3600}"
    )
    assert "will expire" in end.stdout
    conf = house.server.run(f"cat /etc/letsencrypt/renewal/{house.domain}.conf").stdout
    assert "renew_before_expiry = 80 hours" in conf
    assert ("required_profile = shortlived" in conf) == (version != "2.1")
    before = serial(house)
    assert house.deploy().check().changed == []
    assert serial(house) == before


def test_the_watch_complains_below_a_third(short: tuple[str, House]) -> None:
    _, house = short
    for hours in (0, 79, 105):
        assert watch_after(house, hours) == (0, "all is well: certificates, units\n")
    code, said = watch_after(house, 108)
    assert code != 0
    assert f"{house.domain}: the certificate ends in 2 days, and was not renewed" in said


def test_the_ca_may_ask_for_an_earlier_renewal(short: tuple[str, House]) -> None:
    """As after an incident, by ACME Renewal Information (RFC 9773), which certbot asks for from 4.1."""
    version, house = short
    window = {"start": "2020-01-01T00:00:00Z", "end": "2020-01-02T00:00:00Z"}
    body = {
        "Certificate": house.server.run(LOOK.format(house.domain)).stdout,
        "ARIResponse": json.dumps({"suggestedWindow": window}),
    }
    url = f"{house.lab.ca.management}/set-renewal-info/"
    trust = ssl.create_default_context(cafile=house.lab.ca.bundle)
    urllib.request.urlopen(url, json.dumps(body).encode(), context=trust)  # noqa: S310  # the lab's own
    before = serial(house)
    # It may have asked before, and asks again after six hours, as the CA has told it.
    renew_after(house, service(version), 7)
    assert (serial(house) != before) == (version in {"5.5", "5.8"})
    assert house.deploy().check().changed == []


def test_it_is_renewed_below_a_half(short: tuple[str, House]) -> None:
    version, house = short
    before = serial(house)
    renew_after(house, service(version), 78)
    assert serial(house) == before
    renew_after(house, service(version), 82)
    assert serial(house) != before
    assert watch_after(house, 0)[0] == 0
    assert house.deploy().check().changed == []
