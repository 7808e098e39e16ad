"""One of certbot's DNS plugins for real: dynamic updates (RFC 2136) of a BIND, signed with a TSIG key."""

import json
import re
import secrets
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.certificates.beside import lab_beside
from tests.certificates.renewal import certbot_in_use, renew_by_timer, serial
from tests.house import House, sites
from tests.lab import CaOptions, Lab, Server

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ZONE = "plugin.test"
CREDENTIALS = "/etc/gatehouse/dns-credentials.ini"
CONF = f"/etc/letsencrypt/renewal/{ZONE}.conf"
NAMED = """
key "{0.name}" {{ algorithm hmac-sha256; secret "{0.secret}"; }};
key "{1.name}" {{ algorithm hmac-sha256; secret "{1.secret}"; }};
zone "{zone}" {{
    type primary;
    file "/var/lib/bind/{zone}";
    update-policy {{
        grant {0.name} name _acme-challenge.{zone}. TXT;
        grant {1.name} name _acme-challenge.{zone}. TXT;
    }};
}};
"""
RECORDS = f"$TTL 60\n@ SOA ns.{ZONE}. ops.{ZONE}. 1 60 60 600 60\n@ NS ns\nns A 127.0.0.1\n"


@dataclass(frozen=True)
class Key:
    name: str
    secret: str

    @classmethod
    def new(cls, name: str) -> "Key":
        return cls(name, b64encode(secrets.token_bytes(32)).decode())


@dataclass(frozen=True)
class NameServer:
    server: Server
    keys: tuple[Key, Key]

    def settings(self, house: House, key: Key, **more: Any) -> dict[str, Any]:
        """Make the settings of a house that uses this key, as it uses DNS already unless told otherwise."""
        credentials = {
            "dns_rfc2136_server": str(self.server.address),
            "dns_rfc2136_name": key.name,
            "dns_rfc2136_secret": key.secret,
            "dns_rfc2136_algorithm": "HMAC-SHA256",
        }
        acme = house.settings["acme"]
        return {"acme": {**acme, "dns": {**acme.get("dns", {}), "credentials": credentials, **more}}}


@pytest.fixture(scope="module")
def names() -> Iterator[tuple[Lab, NameServer]]:
    """A DNS server that knows two keys, and a CA that asks it for names."""
    with lab_beside("plugin", CaOptions(debian="forky")) as lab:
        found = NameServer(lab.up("ns", debian="13"), (Key.new("first"), Key.new("second")))
        found.server.install("bind9", "bind9-dnsutils")
        configuration = NAMED.format(*found.keys, zone=ZONE)
        found.server.run(
            f"cat > /var/lib/bind/{ZONE} <<'END'\n{RECORDS}END\n"
            f"chown bind /var/lib/bind/{ZONE}\n"
            f"cat > /etc/bind/named.conf.local <<'END'\n{configuration}END\n"
            "systemctl restart named"
        )
        lab.start_ca(CaOptions(debian="forky", resolver=f"{found.server.address}:53"))
        yield lab, found


@pytest.fixture(scope="module", params=["12", "13", "forky", "pypi"])
def plugin(
    request: pytest.FixtureRequest, names: tuple[Lab, NameServer]
) -> Iterator[tuple[House, NameServer, str]]:
    lab, ns = names
    pinned = request.param == "pypi"
    server = lab.up(f"plugin-{request.param}", debian="12" if pinned else request.param)
    wildcard = sites(ZONE, aliases=[f"*.{ZONE}"])
    house = House(lab, server, {**House.on(lab, server, apps={}).settings, "sites": wildcard})
    dns = {"plugin": "rfc2136", "propagation": 1}
    if pinned:
        dns["package"] = "certbot-dns-rfc2136==5.8.0"
    house = House(lab, server, {**house.settings, **ns.settings(house, ns.keys[0], **dns)})
    run = house.deploy("--diff", "-v").check()
    assert not leaks(run.output, ns), run.output
    yield house, ns, "gatehouse-certbot.timer" if pinned else "certbot.timer"
    lab.down(server.name)


def leaks(text: str, ns: NameServer) -> bool:
    return any(key.secret in text for key in ns.keys)


def settled(house: House, **settings: Any) -> None:
    before = serial(house)
    assert house.deploy(**settings).check().changed == []
    assert "Certificate for" not in house.deploy("--dry", "--diff", yes=False, **settings).check().output
    assert serial(house) == before


def test_a_wildcard_is_issued_and_the_credentials_are_roots_alone(
    plugin: tuple[House, NameServer, str],
) -> None:
    house, ns, _ = plugin
    names = {value for _, value in house.outside.certificate(f"x.{ZONE}")["subjectAltName"]}
    assert names == {ZONE, f"*.{ZONE}"}
    assert "authenticator = dns-rfc2136" in house.server.run(f"cat {CONF}").stdout
    assert house.server.run(f"stat -c '%a %U %G' {CREDENTIALS}").stdout == "600 root root\n"
    places = "/etc /var /run /opt /root /usr/local"
    found = house.server.run(f"grep -rlsF -- {ns.keys[0].secret} {places}", check=False).stdout
    assert found.split() == [CREDENTIALS]
    left = ns.server.run(f"dig +short TXT _acme-challenge.{ZONE} @127.0.0.1")
    assert left.stdout == ""
    settled(house)


def test_the_timer_renews_by_it(plugin: tuple[House, NameServer, str]) -> None:
    house, _, timer = plugin
    renew_by_timer(house, timer)
    assert "all is well" in house.server.run("gatehouse-watch").stdout
    settled(house)


def test_changed_settings_are_tried_at_once_and_once(plugin: tuple[House, NameServer, str]) -> None:
    house, ns, timer = plugin
    step = f"Certificate for {ZONE}: issue again (DNS settings changed)"
    slower = ns.settings(house, ns.keys[0], propagation=2)
    rotated = ns.settings(house, ns.keys[1])
    for settings in (slower, rotated):
        plan = house.deploy("--dry", "--diff", yes=False, **settings).check().output
        assert step in plan
        assert not leaks(plan, ns)
        before = serial(house)
        run = house.deploy("--diff", **settings).check()
        assert step in run.changed
        assert not leaks(run.output, ns)
        assert serial(house) != before
        settled(house, **settings)
    assert "dns_rfc2136_propagation_seconds = 1" in house.server.run(f"cat {CONF}").stdout
    renew_by_timer(house, timer)
    settled(house, **rotated)
    house.deploy().check()


def test_a_wrong_key_is_told_in_the_plugins_words(plugin: tuple[House, NameServer, str]) -> None:
    house, ns, _ = plugin
    wrong = Key(ns.keys[0].name, Key.new("wrong").secret)
    settings = ns.settings(house, wrong)
    before = serial(house)
    for _ in range(2):
        run = house.deploy(**settings)
        assert run.code != 0
        told = r"certbot: .Encountered error [\w ]+: The peer didn't like the signature we sent"
        assert re.search(told, run.output), run.output
        assert run.output.count("The peer didn't like") == 1
        assert "Traceback" not in run.output
        assert wrong.secret not in run.output
        assert serial(house) == before
    # What was tried last for good is what is wanted again.
    house.deploy().check()
    settled(house)


def test_a_version_that_does_not_exist_leaves_certbot_there(plugin: tuple[House, NameServer, str]) -> None:
    house, _, timer = plugin
    acme = house.settings["acme"]
    package = "certbot-dns-rfc2136==0.0.1"
    run = house.deploy(acme={**acme, "dns": {**acme["dns"], "package": package}})
    assert run.code != 0
    assert f"No matching distribution found for {package}" in run.output
    assert "Traceback" not in run.output
    house.server.run(f"systemctl is-active {timer} && systemctl start {timer.replace('timer', 'service')}")
    house.deploy().check()
    settled(house)


def test_what_the_plugin_reads_is_what_the_settings_say(plugin: tuple[House, NameServer, str]) -> None:
    house, _, timer = plugin
    values = ["a,b", "a#b", " spaces ", "it's", 'say "b"', "50%", "${x}", "[s]", "\\n", "a = b", "", "ü"]
    credentials = {f"key{number}": value for number, value in enumerate(values)}
    acme = house.settings["acme"]
    more = {**acme["dns"], "credentials": {**acme["dns"]["credentials"], **credentials}}
    house.deploy(acme={**acme, "dns": more}).check()
    own = certbot_in_use(house).removesuffix("certbot") + "python"
    python = "/usr/bin/python3" if timer == "certbot.timer" else own
    read = f"import configobj, json; print(json.dumps(configobj.ConfigObj('{CREDENTIALS}')))"
    found = json.loads(house.server.run(f'{python} -c "{read}"').stdout)
    assert {key: found[key] for key in credentials} == credentials
    house.deploy().check()
