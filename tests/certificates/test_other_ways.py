"""Certificates by DNS, for addresses, by profile, with a bound account, and of the user's own."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.certificates.beside import lab_beside
from tests.certificates.renewal import renew_after, serial
from tests.house import House, sites
from tests.lab import CaOptions, Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

NAME = "www.ways.test"
LOOK = "openssl x509 -noout -text -in /etc/gatehouse/certificates/{}/fullchain.pem"
HOOK = """#!/bin/sh -e
case $1 in
add) what=set-txt ;;
remove) what=clear-txt ;;
esac
exec python3 -c '
import json, os, sys, urllib.request
told = {"host": f"_acme-challenge.{os.environ["CERTBOT_DOMAIN"]}.", "value": os.environ["CERTBOT_VALIDATION"]}
urllib.request.urlopen(sys.argv[1], data=json.dumps(told).encode())
' CHALLTESTSRV/$what
"""


@pytest.fixture(scope="module")
def beside() -> Iterator[Lab]:
    with lab_beside("ways", CaOptions(debian="forky", profiles=("default", "classic64", "tlsserver"))) as lab:
        yield lab


@pytest.fixture(scope="module")
def ways(beside: Lab) -> House:
    found = House.on(beside, beside.up("ways", debian="13"), apps={}, sites=sites(NAME))
    found.deploy().check()
    found.server.install("faketime")
    found.server.run("echo no-random-sleep-on-renew = true >> /etc/letsencrypt/cli.ini")
    return found


def settled(house: House, **settings: Any) -> None:
    assert house.deploy(**settings).check().changed == []
    plan = house.deploy("--dry", "--diff", yes=False, **settings).check().output
    assert "Certificate for" not in plan


def test_a_wildcard_by_a_hook_of_the_users_own(ways: House, tmp_path: Path) -> None:
    hook = tmp_path / "hook"
    dns = ways.lab.dns
    hook.write_text(HOOK.replace("CHALLTESTSRV", f"http://{dns.server.partition(':')[0]}:8055"))
    settings: dict[str, Any] = {
        "acme": {**ways.settings["acme"], "dns": {"hook": str(hook)}},
        "sites": sites(NAME, aliases=["*.ways.test"]),
    }
    run = ways.deploy("--diff", **settings).check()
    assert "CERTBOT_VALIDATION" not in run.output
    assert {("DNS", "*.ways.test"), ("DNS", NAME)} == set(
        ways.outside.certificate("x.ways.test")["subjectAltName"]
    )
    assert "manual" in ways.server.run(f"grep authenticator /etc/letsencrypt/renewal/{NAME}.conf").stdout
    settled(ways, **settings)
    hook.write_text(f"{hook.read_text()}\n# A better one.\n")
    step = f"Certificate for {NAME}: issue again (DNS settings changed)"
    assert step in ways.deploy("--dry", yes=False, **settings).check().output
    assert step in ways.deploy(**settings).check().changed
    settled(ways, **settings)
    before = ways.outside.certificate("x.ways.test")["serialNumber"]
    ways.deploy(deploy="deploys/renew.py", **settings).check()
    assert ways.outside.certificate("x.ways.test")["serialNumber"] != before
    settled(ways, **settings)
    run = ways.deploy().check()
    assert "challenge changed: manual -> webroot" in run.output


def test_a_plugin_that_nobody_pinned_is_refused(ways: House) -> None:
    run = ways.deploy(acme={**ways.settings["acme"], "dns": {"plugin": "hetzner"}})
    assert run.code != 0
    assert run.operations == []
    assert "acme['dns']['package']: missing: dns-hetzner is not certbot's own" in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize(("profile", "days"), [("tlsserver", 45), ("classic64", 64)])
def test_a_profile_and_its_lifetime(ways: House, profile: str, days: int) -> None:
    """It is renewed by the server's own service, not before a third is left, and then at once."""
    settings: dict[str, Any] = {"acme": {**ways.settings["acme"], "profile": profile}}
    run = ways.deploy(**settings).check()
    step = f"Certificate for {NAME}: issue again (profile changed: the CA's own -> {profile})"
    assert step in run.changed
    ends = f"openssl x509 -noout -in /etc/gatehouse/certificates/{NAME}/fullchain.pem -checkend"
    ways.server.run(f"{ends} {days * 86400 - 3600} && ! {ends} {days * 86400}")
    conf = ways.server.run(f"cat /etc/letsencrypt/renewal/{NAME}.conf").stdout
    assert f"renew_before_expiry = {days * 24 // 3} hours" in conf
    settled(ways, **settings)
    before = serial(ways)
    renew_after(ways, "certbot.service", days * 16 - 4)
    assert serial(ways) == before
    renew_after(ways, "certbot.service", days * 16 + 4)
    assert serial(ways) != before
    assert "all is well" in ways.server.run("gatehouse-watch").stdout
    settled(ways, **settings)
    ways.deploy().check()


def test_a_profile_that_the_ca_does_not_offer(ways: House) -> None:
    before = ways.outside.certificate()["serialNumber"]
    run = ways.deploy(acme={**ways.settings["acme"], "profile": "classicest"})
    assert run.code != 0
    assert "classicest" in run.output
    assert "Traceback" not in run.output
    assert ways.outside.certificate()["serialNumber"] == before
    ways.deploy().check()


@pytest.mark.parametrize("family", ["address", "address6"])
def test_an_address(ways: House, family: str) -> None:
    """certbot of Debian 13 cannot; PyPI's is taken, and there is one timer still."""
    address = str(getattr(ways.server, family))
    settings: dict[str, Any] = {"sites": sites(NAME, address)}
    run = ways.deploy(**settings).check()
    assert "Certificates: certbot 5.8.0 from PyPI (from 5.4 for IP addresses)" in run.operations
    with (
        socket.create_connection((address, 443)) as raw,
        ways.outside.tls().wrap_socket(raw, server_hostname=address) as wrapped,
    ):
        found = dict[str, Any](wrapped.getpeercert() or {})
    ((kind, covered),) = found["subjectAltName"]
    assert (kind, ip_address(covered)) == ("IP Address", ip_address(address))
    timers = ways.server.run("systemctl list-timers --plain --no-legend '*certbot*'").stdout
    assert "gatehouse-certbot.timer" in timers
    assert len(timers.splitlines()) == 1
    settled(ways, **settings)
    ways.server.run("systemctl start gatehouse-certbot.service")
    assert "all is well" in ways.server.run("gatehouse-watch").stdout

    # It does not run, but would after a reboot.
    ways.server.run("systemctl enable certbot.timer")
    assert ways.deploy(**settings).check().changed == ["Certificates: stop certbot.timer"]
    assert ways.server.run("systemctl is-enabled certbot.timer", check=False).stdout == "disabled\n"
    settled(ways, **settings)

    ways.deploy().check()
    timers = ways.server.run("systemctl list-timers --plain --no-legend '*certbot*'").stdout
    assert "gatehouse-certbot" not in timers, timers
    assert len(timers.splitlines()) == 1
    ways.deploy(deploy="deploys/forget.py").check()
    settled(ways)


def test_a_certificate_of_the_users_own(ways: House, tmp_path: Path) -> None:
    authority = trustme.CA()
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(roots)

    def brought(name: str) -> dict[str, Any]:
        made = authority.issue_cert(name)
        chain, key = tmp_path / f"{name}.pem", tmp_path / f"{name}.key"
        chain.write_bytes(b"".join(one.bytes() for one in made.cert_chain_pems))
        made.private_key_pem.write_to_path(key)
        return {"sites": sites(NAME, certificate={"chain": str(chain), "key": str(key)})}

    first = brought(NAME)
    run = ways.deploy(deploy="deploys/forget.py", **first)
    assert run.code != 0
    assert f"certificate {NAME}: not deleted, nginx still serves it; run deploys/site.py first" in run.output
    run = ways.deploy("--diff", **first).check()
    assert f"Certificate for {NAME}: your own (another one than before)" not in run.changed
    assert "PRIVATE KEY" not in run.output
    assert "BEGIN CERTIFICATE" not in run.output
    served = f"openssl s_client -connect 127.0.0.1:443 -servername {NAME} </dev/null 2>/dev/null"
    assert "trustme" in ways.server.run(f"{served} | openssl x509 -noout -issuer").stdout
    settled(ways, **first)
    # Nothing is renewed for us now, but others may have it renew for them.
    assert ways.server.run("systemctl is-active certbot.timer").stdout == "active\n"
    keys = "find /etc/gatehouse/brought -type f | xargs stat -c '%a %U'"
    assert set(ways.server.run(keys).stdout.splitlines()) == {"600 root"}
    assert "all is well" in ways.server.run("gatehouse-watch").stdout

    still = f"certbot still renews a certificate for {NAME}"
    assert still in ways.deploy("--dry", yes=False, **first).check().output
    run = ways.deploy(deploy="deploys/forget.py", **first).check()
    assert run.changed == [f"Certificate for {NAME}: delete certbot's"]
    assert ways.server.run(f"find /etc/letsencrypt -name '*{NAME}*'").stdout == ""
    assert "trustme" in ways.server.run(f"{served} | openssl x509 -noout -issuer").stdout
    assert ways.deploy(deploy="deploys/forget.py", **first).check().changed == []
    assert still not in ways.deploy(**first).check().output

    run = ways.deploy(**brought(NAME)).check()
    assert f"Certificate for {NAME}: your own (another one than before)" in run.changed
    assert len(ways.server.run(f"ls /etc/gatehouse/brought/{NAME}").stdout.splitlines()) == 1

    run = ways.deploy(**brought("elsewhere.test"))
    assert run.code != 0
    assert f"does not cover {NAME}" in run.output
    assert "Traceback" not in run.output
    run = ways.deploy().check()
    assert f"Certificate for {NAME}: issue (none yet)" in run.changed
    settled(ways)


def test_a_bound_account(ways: House, tmp_path: Path) -> None:
    """The last one, since the CA is another one after it."""
    ways.lab.start_ca(CaOptions(debian="forky", eab=True))
    ways.server.run("rm -rf /etc/letsencrypt/accounts")
    other: dict[str, Any] = {"sites": sites("bound.ways.test")}
    ways.lab.set_name("bound.ways.test", str(ways.server.address))
    run = ways.deploy(**other)
    assert run.code != 0
    assert "external account" in run.output.lower()

    key = "Z2F0ZWhvdXNlLWxhYi1leHRlcm5hbC1hY2NvdW50LWs"
    (tmp_path / "key").write_text(f"{key}\n")
    eab = {"kid": "gatehouse-lab", "hmac_key": {"file": str(tmp_path / "key")}}
    bound: dict[str, Any] = {**other, "acme": {**ways.settings["acme"], "eab": eab}}
    run = ways.deploy("-v", **bound).check()
    assert key not in run.output
    settled(ways, **bound)
