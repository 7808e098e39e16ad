"""What may be said of certificates and alerts, and what is refused, without showing a secret."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.refusal import Refusal

TOLD = "hunter2"
ROUTES = {"routes": {"/": {"redirect": "https://example.com"}}}


def settings(
    top: dict[str, Any] | None = None, acme: dict[str, Any] | None = None, **site: Any
) -> dict[str, Any]:
    sites = {"a.test": {**ROUTES, **site}}
    return {"acme": {"email": "ops@example.com", **(acme or {})}, "sites": sites, **(top or {})}


def mail(**changed: Any) -> dict[str, Any]:
    usual = {"to": ["ops@example.com"], "sender": "s@example.com", "server": "smtp.example.com"}
    return {"alerts": {"mail": {**usual, **changed}}}


TAKEN = [
    settings(acme={"dns": {"hook": "h"}}, aliases=["*.a.test"]),
    settings(acme={"dns": {"plugin": "route53"}}, certificate={"challenge": "dns"}),
    settings(acme={"dns": {"plugin": "hetzner", "package": "certbot-dns-hetzner==2.0.1"}}),
    settings(acme={"dns": {"plugin": "x", "credentials": {"a": "it's", "b": 'say "b"', "c": "50%, #1"}}}),
    settings(certificate={"chain": "c.pem", "key": "k.pem"}, aliases=["*.a.test"]),
    settings(certificate={"profile": "shortlived", "key_type": "rsa"}),
    *(
        {
            "acme": {"email": "ops@example.com", **acme},
            "sites": {"192.0.2.7": {**ROUTES, "certificate": own}, "a.test": ROUTES},
        }
        for acme, own in (
            ({}, {"profile": "shortlived"}),
            ({"profile": "shortlived"}, {}),
            ({"directory": "https://ca.test/dir"}, {}),
            ({}, {"chain": "c.pem", "key": "k.pem"}),
        )
    ),
    settings({"alerts": {}}),
    settings(mail(security="tls", port=465, user="me", password=TOLD)),
    settings({"backup": {"file": "backups/a"}}),
    settings(acme={"eab": {"kid": "k", "hmac_key": {"command": "pass show eab"}}}),
    settings(acme={"dns": {"plugin": "x", "credentials": {"a": {"env": "A"}, "b": "c"}}}),
    settings({"alerts": {"webhook": {"url": {"env": "U"}, "headers": {"A": {"file": "secrets/a"}}}}}),
    settings(mail(user="me", password={"env": "PASSWORD"})),
    settings(mail(server="2001:db8::25", port=25, security="none")),
    settings({"alerts": {"webhook": {"url": "https://x", "body": {"a": "{text}"}}}}),
]


@pytest.mark.parametrize("data", TAKEN)
def test_taken(data: dict[str, Any]) -> None:
    server_from(data)


REFUSED = [
    (
        settings(aliases=["*.a.test"]),
        "sites['a.test']['aliases']: '*.a.test': a wildcard is proven by DNS alone; set acme['dns']",
    ),
    (
        settings(acme={"dns": {"hook": "h"}}, aliases=["*.a.test"], certificate={"challenge": "http"}),
        "a wildcard is proven by DNS alone; set challenge to 'dns'",
    ),
    *(
        (
            {
                "acme": {"email": "ops@example.com", **acme},
                "sites": {"2001:db8::7": {**ROUTES, "certificate": own}},
            },
            "sites['2001:db8::7']['certificate']['profile']: "
            f'{profile}: set it to "shortlived": Let\'s Encrypt issues for IP addresses by no other profile',
        )
        for acme, own, profile in (
            ({}, {}, "None"),
            ({"directory": "letsencrypt-staging", "profile": "tlsserver"}, {}, "'tlsserver'"),
            ({"profile": "shortlived"}, {"profile": "classic"}, "'classic'"),
            ({"directory": "https://acme-v02.api.letsencrypt.org/directory"}, {}, "None"),
        )
    ),
    (settings(certificate={"challenge": "dns"}), "set acme['dns'] to a plugin or a hook"),
    (settings(aliases=["*.*.a.test"]), "sites['a.test']['aliases']"),
    (settings(certificate={"chain": "c.pem"}), "sites['a.test']['certificate']['key']: missing, add it"),
    (settings(certificate={"chalenge": "dns"}), "did you mean 'challenge'?"),
    (settings(acme={"key_type": "ed25519"}), "acme['key_type']: 'ed25519': write 'ecdsa' or 'rsa'"),
    (
        settings(acme={"profile": "a b"}),
        "acme['profile']: 'a b': did you mean 'ab'? write the name of a profile",
    ),
    (settings(acme={"dns": {"plugin": "x", "hook": "y"}}), 'write either "plugin" or "hook"'),
    (
        settings(acme={"dns": {"plugin": "dns-cloudflare"}}),
        "acme['dns']['plugin']: 'dns-cloudflare': write it without \"dns-\": \"cloudflare\"",
    ),
    (settings(acme={"dns": {"plugin": "webroot"}}), "'webroot': write the name of a plugin for DNS"),
    (settings(acme={"certbot": "debian"}), "write 'auto', 'distribution' or 'pypi'"),
    (settings(acme={"dns": {"plugin": "x; rm"}}), "acme['dns']['plugin']: 'x; rm'"),
    (
        settings(acme={"dns": {"plugin": "x", "package": "certbot-dns-x"}}),
        "acme['dns']['package']: 'certbot-dns-x': write a package of PyPI and its version, like "
        '"certbot-dns-hetzner==2.0.1"',
    ),
    (settings(acme={"dns": {"plugin": "x", "package": "x==2.*"}}), "acme['dns']['package']: 'x==2.*'"),
    (settings(acme={"dns": {"plugin": "x", "package": "x @ http://x"}}), "acme['dns']['package']"),
    (
        settings(acme={"dns": {"hook": "h", "package": "x==1"}}),
        "acme['dns']['package']: unknown key",
    ),
    (settings({"alerts": {"webhook": {"url": "ftp://x"}}}), "alerts['webhook']['url']: (value not shown)"),
    (
        settings({"alerts": {"command": "page me"}}),
        "alerts['command']: 'page me': write the absolute path of a program on the server, without arguments",
    ),
    (
        settings({"alerts": {"webhook": {"url": {"enf": "U"}}}}),
        'say where it is: exactly one of "env", "file" and "command"',
    ),
    (
        settings({"alerts": {"webhook": {"url": 7}}}),
        "alerts['webhook']['url']: (value not shown): write it in quotes, or say where it is, like "
        '{"env": "…"}',
    ),
    (settings(mail(to=[])), "alerts['mail']['to']"),
    (
        settings({"alerts": {"command": ["/bin/page", "me"]}}),
        "alerts['command']: [… 2 of them]: write the absolute path of a program on the server",
    ),
    (
        settings({"alerts": {"webhook": {"url": "https://x", "format": "slack", "body": {"a": "b"}}}}),
        "alerts['webhook']: {'url': …, 'format': …, 'body': …}: "
        'remove "body", slack has a form of its own; or set "format" to "json"',
    ),
    (
        settings(mail(server="smtp.example.com:25")),
        "alerts['mail']['server']: 'smtp.example.com:25': "
        "did you mean 'smtp.example.com'? "
        'write a name like "smtp.example.com", and the port into "port"',
    ),
    (settings(mail(user="me")), 'add "password", or remove "user": a login needs both'),
    (settings(mail(password=TOLD)), 'add "user", or remove "password": a login needs both'),
    (settings(mail(security="tls")), 'set "port" to 465 for "tls", or "security" to "starttls"'),
    (settings(mail(port=465)), 'set "security" to "tls" for port 465'),
    (
        settings(mail(user="ä", password=TOLD)),
        "alerts['mail']['user']: 'ä': remove what is not printable ASCII",
    ),
    (settings(mail(server="a b")), "alerts['mail']['server']: 'a b': write a name like"),
    (settings({"backup": {}}), "backup['file']: missing, add it"),
]


@pytest.mark.parametrize(("data", "words"), REFUSED)
def test_refused(data: dict[str, Any], words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        server_from(data)
    assert words in str(refusal.value)


SECRET = f"{TOLD}\n"


@pytest.mark.parametrize(
    "data",
    [
        settings(acme={"eab": {"kid": "k", "hmac_key": SECRET}}),
        settings(acme={"dns": {"plugin": "x", "credentials": {"token": SECRET}}}),
        settings(acme={"dns": {"plugin": "x", "credentials": {"token": f"{TOLD}'\""}}}),
        settings(acme={"dns": {"plugin": "x", "credentials": {"token": f"{TOLD}%(x)s"}}}),
        settings({"alerts": {"webhook": {"url": f"https://x/{SECRET}"}}}),
        settings({"alerts": {"webhook": {"url": "https://x", "headers": {"Authorization": SECRET}}}}),
        settings(mail(password=SECRET)),
        settings(mail(user="me", password=f"{TOLD}ü")),
        settings({"alerts": {"webhook": {"url": "https://x", "headers": {"Authorization": f"{TOLD}ü"}}}}),
        settings(mail(password={"env": SECRET})),
    ],
)
def test_a_refused_secret_is_not_shown(data: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refusal:
        server_from(data)
    assert "hunter2" not in str(refusal.value)
    assert "(value not shown)" in str(refusal.value)
