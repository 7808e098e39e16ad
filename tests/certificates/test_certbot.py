"""Which certbot is used, and what it is told."""

import re
from typing import Any

import pytest

from deploys.certificates.certbot import certonly, program_for
from deploys.certificates.plan import Step
from deploys.certificates.wanted import wanted
from deploys.load import server_from
from deploys.refusal import Refusal

ROUTES = {"routes": {"/": {"redirect": "https://example.com"}}}


def settings(acme: dict[str, Any] | None = None, domain: str = "a.test", **site: Any) -> Any:
    acme = {"email": "ops@example.com", **(acme or {})}
    if "plugin" in acme.get("dns", {}):  # most of certbot's own plugins are refused without any
        acme["dns"] = {"credentials": {"dns_token": "x"}, **acme["dns"]}
    return server_from({"acme": acme, "sites": {domain: {**ROUTES, **site}}})


SHORT = {"profile": "shortlived"}
DNS = {"dns": {"plugin": "cloudflare", "credentials": {"dns_cloudflare_api_token": "x"}}}


@pytest.mark.parametrize(
    ("server", "version", "reason"),
    [
        (settings(), (2, 1, 0), None),
        (settings(), (5, 5, 0), None),
        (settings({"profile": "tlsserver"}), (2, 1, 0), "from 4.0 for profiles"),
        (settings({"profile": "tlsserver"}), (4, 0, 0), None),
        (settings(certificate={"profile": "shortlived"}), (2, 1, 0), "from 4.0 for profiles"),
        (settings(SHORT, domain="192.0.2.7"), (4, 0, 0), "from 5.4 for IP addresses"),
        (settings(SHORT, domain="192.0.2.7"), (5, 5, 0), None),
        (settings(DNS, aliases=["*.a.test"]), (2, 1, 0), None),
        (settings({"dns": {"plugin": "luadns"}}, aliases=["*.a.test"]), (4, 0, 0), "with dns-luadns"),
        (settings({"dns": {"plugin": "ovh"}}, aliases=["*.a.test"]), (4, 0, 0), "with dns-ovh"),
        (
            settings({"dns": {"plugin": "hetzner", "package": "certbot-dns-hetzner==2.0.1"}}),
            (4, 0, 0),
            "with certbot-dns-hetzner==2.0.1",
        ),
        (settings({"certbot": "pypi"}), (5, 5, 0), "by the settings"),
        (settings({"certbot": "distribution", "profile": "tlsserver"}), (4, 0, 0), None),
        (settings({"certbot": "distribution", "dns": {"plugin": "ovh"}}), (4, 0, 0), None),
    ],
)
def test_the_distributions_where_it_suffices(
    server: Any, version: tuple[int, ...], reason: str | None
) -> None:
    found = program_for(server.acme, wanted(server), version)
    assert found.reason == (reason or "")
    assert ("certbot" in found.packages) == (reason is None)
    assert found.timer == ("gatehouse-certbot.timer" if reason else "certbot.timer")


def test_plugins_come_with_it() -> None:
    server = settings(DNS, aliases=["*.a.test"])
    assert "python3-certbot-dns-cloudflare" in program_for(server.acme, wanted(server), (4, 0)).packages


def names(text: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", text, re.MULTILINE))


@pytest.mark.parametrize(
    ("dns", "brings", "foreign"),
    [
        (None, set(), ""),
        ({"plugin": "cloudflare"}, {"certbot-dns-cloudflare", "cloudflare", "httpx"}, ""),
        ({"plugin": "route53"}, {"certbot-dns-route53", "boto3", "botocore"}, ""),
        ({"plugin": "ovh", "package": "certbot-dns-ovh==5.8.0"}, {"certbot-dns-ovh", "dns-lexicon"}, ""),
        ({"plugin": "ovh", "package": "certbot-dns-ovh==5.7.0"}, set(), "certbot-dns-ovh==5.7.0"),
        ({"plugin": "hetzner", "package": "certbot-dns-hetzner==2.0.1"}, set(), "certbot-dns-hetzner==2.0.1"),
    ],
)
def test_what_is_certbots_own_is_known_by_its_digests(
    dns: dict[str, Any] | None, brings: set[str], foreign: str
) -> None:
    server = settings({"certbot": "pypi", **({"dns": dns} if dns else {})})
    pinned = program_for(server.acme, wanted(server), (4, 0)).pinned
    assert pinned
    assert pinned.foreign == foreign
    needed = names(pinned.verified)
    assert needed >= {"acme", "certbot", "cryptography", "requests", "urllib3"} | brings
    of_plugins = {name for name in needed if name.startswith("certbot-dns-")}
    assert of_plugins == {name for name in brings if name.startswith("certbot-dns-")}
    assert names(pinned.versions) == needed
    assert "--hash" not in pinned.versions


def test_another_environment_where_other_things_are_in_it() -> None:
    chosen: list[dict[str, Any]] = [{}, {"dns": {"plugin": "ovh"}}, {"dns": {"plugin": "luadns"}}]
    paths = [
        program_for(one.acme, wanted(one), (4, 0)).path
        for one in (settings({"certbot": "pypi", **acme}) for acme in chosen)
    ]
    assert len({*paths}) == len(chosen)
    assert all(path.startswith("/opt/gatehouse/certbot-5.8.0-") for path in paths)


@pytest.mark.parametrize(
    ("dns", "certbot", "words"),
    [
        (
            {"plugin": "hetzner"},
            "auto",
            "acme['dns']['package']: missing: dns-hetzner is not certbot's own; "
            "pin what it comes from, like 'certbot-dns-hetzner==1.2.3'",
        ),
        (
            {"plugin": "hetzner", "package": "certbot-dns-hetzner==2.0.1"},
            "distribution",
            "acme['dns']['package']: 'certbot-dns-hetzner==2.0.1': is from PyPI; "
            "set acme['certbot'] to 'auto'",
        ),
        (
            {"plugin": "hetzner", "package": "certbot-dns-ovh==1.0"},
            "auto",
            "acme['dns']['package']: 'certbot-dns-ovh==1.0': is not that of the plugin 'hetzner'",
        ),
    ],
)
def test_nothing_is_installed_that_nobody_pinned(dns: dict[str, Any], certbot: str, words: str) -> None:
    server = settings({"dns": dns, "certbot": certbot}, aliases=["*.a.test"])
    with pytest.raises(Refusal) as refusal:
        program_for(server.acme, wanted(server), (4, 0))
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("server", "version", "words"),
    [
        (
            settings({"profile": "tlsserver", "certbot": "distribution"}),
            (2, 1),
            "has 2.1, needed is one from 4.0",
        ),
        (
            settings({**SHORT, "certbot": "distribution"}, domain="192.0.2.7"),
            (4, 0, 0),
            "has 4.0.0, needed is one from 5.4 for IP addresses; set it to 'auto'",
        ),
    ],
)
def test_one_that_does_not_suffice(server: Any, version: tuple[int, ...], words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        program_for(server.acme, wanted(server), version)
    assert str(refusal.value).startswith(f"acme['certbot']: 'distribution': {words}")


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (
            settings(),
            ["--domain a.test", "--key-type ecdsa", "--webroot --webroot-path /var/lib/gatehouse/acme"],
        ),
        (settings(SHORT, domain="192.0.2.7"), ["--ip-address 192.0.2.7"]),
        (settings({"profile": "tlsserver"}), ["--required-profile tlsserver"]),
        (
            settings({"key_type": "rsa"}, aliases=["b.test"]),
            ["--cert-name a.test", "--domain a.test --domain b.test", "--key-type rsa"],
        ),
        (settings(certificate={"key_type": "rsa"}), ["--key-type rsa"]),
        (
            settings(DNS, aliases=["*.a.test"]),
            [
                "--domain *.a.test",
                "--authenticator dns-cloudflare",
                "--dns-cloudflare-credentials /etc/gatehouse/dns-credentials.ini",
            ],
        ),
        (
            settings({"dns": {"hook": "x"}}, certificate={"challenge": "dns"}),
            ["--manual --preferred-challenges dns --manual-auth-hook /etc/gatehouse/dns-hook add"],
        ),
    ],
)
def test_what_it_is_told(server: Any, expected: list[str]) -> None:
    (one,) = wanted(server)
    program = program_for(server.acme, [one], (5, 5))
    command = certonly(program, server.acme, one, Step("issue", "none yet"), one.lineage.names)
    told = " ".join(command)
    for words in expected:
        assert words in told
    assert "dns_cloudflare_api_token" not in told
    assert "--force-renewal" not in command
    again = certonly(program, server.acme, one, Step("issue again", "names changed"), one.lineage.names)
    assert "--force-renewal" in again


@pytest.mark.parametrize(
    ("written", "hook"),
    [
        ("touch /run/x", "touch /run/x"),
        ("'systemctl reload postfix'", "systemctl reload postfix"),
        ('"touch /run/a, /run/b"', "touch /run/a, /run/b"),
        ("\"sh -c 'touch /run/x'\"", "sh -c 'touch /run/x'"),
        ("sh -c 'touch /run/x'", "sh -c 'touch /run/x'"),
        ("'''sh -c \"echo 'a, b'\"'''", "sh -c \"echo 'a, b'\""),
        ('"', '"'),
    ],
)
def test_a_hook_of_the_users_own_is_kept(written: str, hook: str) -> None:
    server = settings()
    (one,) = wanted(server)
    program = program_for(server.acme, [one], (5, 5))
    step = Step("issue again", "names changed")
    renewal = {"renew_hook": written}
    command = certonly(program, server.acme, one, step, one.lineage.names, renewal=renewal)
    assert command[command.index("--deploy-hook") + 1] == hook
    assert "--deploy-hook" not in certonly(program, server.acme, one, step, one.lineage.names)
