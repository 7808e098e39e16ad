"""Whatever is wrong with the CA, or with what it sees: one clear message, and the site keeps serving."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.certificates.beside import lab_beside
from tests.house import House, sites
from tests.lab import CaOptions, Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NAME = "www.fails.test"
OLDEST = CaOptions(debian="12", profiles=("default",))


@pytest.fixture(scope="module")
def beside() -> Iterator[Lab]:
    with lab_beside("fails", OLDEST) as lab:
        yield lab


@pytest.fixture(scope="module", params=["12", "13"])
def fails(request: pytest.FixtureRequest, beside: Lab) -> Iterator[House]:
    server = beside.up(f"fails-{request.param}", debian=request.param)
    found = House.on(beside, server, apps={}, sites=sites(f"{request.param}.{NAME}"))
    found.deploy().check()
    yield found
    beside.down(server.name)


def assert_fails(house: House, *words: str, **settings: Any) -> None:
    before = house.outside.certificate()["serialNumber"]
    run = house.deploy(**settings)
    assert run.code != 0, run.output
    assert "Traceback" not in run.output, run.output
    for word in words:
        assert word in run.output, f"expected {word!r} in:\n{run.output}"
    assert house.outside.certificate()["serialNumber"] == before
    assert "all else was done" in run.output


def another(house: House, name: str) -> dict[str, Any]:
    """The site that is there, and one more that nothing is known of yet."""
    house.lab.set_name(name, str(house.server.address))
    return {"sites": {**house.settings["sites"], **sites(name)}}


def test_a_ca_that_is_down_and_comes_back(fails: House) -> None:
    settings = another(fails, f"down.{fails.domain}")
    fails.lab.stop_ca()
    try:
        assert_fails(fails, "Connection refused", **settings)
    finally:
        fails.lab.resume_ca()
    fails.deploy(**settings).check()
    assert fails.deploy(**settings).check().changed == []


def test_a_ca_that_refuses_a_name(fails: House) -> None:
    words = ("blocked.test", "policy")
    assert_fails(fails, *words, **another(fails, "blocked.test"))


def test_a_ca_that_refuses_one_name_of_a_site(fails: House) -> None:
    """The others get their certificate, once; and what is renewed on disk is served all the same."""
    good = f"good.{fails.domain}"
    fails.lab.set_name(good, str(fails.server.address))
    fails.lab.set_name("blocked.test", str(fails.server.address))
    settings: dict[str, Any] = {"sites": {**fails.settings["sites"], **sites(good, aliases=["blocked.test"])}}
    assert_fails(fails, "blocked.test", "policy", f"the certificate is for {good} alone", **settings)
    first = fails.outside.certificate(good)
    assert first["subjectAltName"] == (("DNS", good),)
    assert "Pebble" in str(first["issuer"])

    assert_fails(fails, "blocked.test", "policy", **settings)
    assert fails.outside.certificate(good)["serialNumber"] == first["serialNumber"]

    fails.server.run(
        "REQUESTS_CA_BUNDLE=/etc/gatehouse/acme-ca.pem certbot renew -q --force-renewal --no-directory-hooks "
        f"--no-random-sleep-on-renew --cert-name {good}"
    )
    assert_fails(fails, "blocked.test", "policy", **settings)
    assert fails.outside.certificate(good)["serialNumber"] != first["serialNumber"]
    only: dict[str, Any] = {"sites": {**fails.settings["sites"], **sites(good)}}
    fails.deploy(**only).check()
    assert fails.deploy(**only).check().changed == []


def test_an_authority_that_is_not_trusted(fails: House) -> None:
    acme = {key: value for key, value in fails.settings["acme"].items() if key != "ca_bundle"}
    settings = {**another(fails, f"untrusted.{fails.domain}"), "acme": acme}
    assert_fails(fails, "CERTIFICATE_VERIFY_FAILED", **settings)
    fails.deploy().check()


def test_an_answer_that_is_not_the_token(fails: House) -> None:
    settings = another(fails, f"wrong.{fails.domain}")
    directory = "/var/lib/gatehouse/acme/.well-known/acme-challenge"
    fails.server.run(f"chmod 700 {directory}")
    try:
        assert_fails(
            fails,
            f"wrong answer: {fails.server.address} answers port 80 with status 40",
            "instead of the token",
            "the CA was not asked",
            **settings,
        )
    finally:
        fails.server.run(f"chmod 755 {directory}")
    fails.deploy(**settings).check()


def test_an_address_where_nobody_is(fails: House) -> None:
    settings = another(fails, f"nobody.{fails.domain}")
    nobody = str(fails.server.address).rpartition(".")[0] + ".250"
    fails.lab.set_name(f"nobody.{fails.domain}", nobody)
    assert_fails(fails, f"wrong address: {nobody} does not answer on port 80", **settings)


def test_a_wrong_ipv6_address_beside_the_right_one(fails: House) -> None:
    """The CA prefers IPv6: the mistake that nobody sees who has IPv4 alone."""
    name = f"six.{fails.domain}"
    settings = another(fails, name)
    theirs = str(fails.server.address6).rpartition(":")[0] + ":250"
    fails.lab.set_name(name, str(fails.server.address), theirs)
    assert_fails(fails, f"wrong address: {theirs} does not answer on port 80", **settings)
    fails.lab.set_name(name, str(fails.server.address), str(fails.server.address6))
    fails.deploy(**settings).check()


@contextmanager
def slow_ca(lab: Lab, port: int) -> Iterator[str]:
    """The CA at another port, where each answer takes a second and a half."""
    ca = lab.ca
    host = ca.directory.removeprefix("https://").partition("/")[0]
    command = [sys.executable, str(Path(__file__).with_name("relay.py")), str(port), host, "1.5"]
    with subprocess.Popen(
        ["ip", "netns", "exec", ca.namespace, *command], stdout=subprocess.PIPE, text=True
    ) as relay:
        try:
            assert relay.stdout
            assert relay.stdout.readline() == "ready\n"
            yield ca.directory.replace(host.rpartition(":")[2], str(port))
        finally:
            relay.terminate()


def test_a_slow_ca_is_waited_for(fails: House) -> None:
    with slow_ca(fails.lab, 14999) as directory:
        acme = {**fails.settings["acme"], "directory": directory}
        fails.deploy(**another(fails, f"slow.{fails.domain}"), acme=acme).check()
    fails.deploy().check()


def test_a_ca_that_refuses_every_other_nonce(fails: House) -> None:
    """The last one, since the CA knows no account any more after it."""
    fails.lab.start_ca(CaOptions(debian="12", profiles=("default",), nonce_reject=50))
    fails.server.run("rm -rf /etc/letsencrypt/accounts")
    only: dict[str, Any] = {"sites": sites(f"nonce.{fails.domain}")}
    fails.lab.set_name(f"nonce.{fails.domain}", str(fails.server.address))
    fails.deploy(**only).check()
    assert fails.deploy(**only).check().changed == []
    fails.lab.start_ca(OLDEST)
