"""What users may say, and what they are told when they may not."""

from typing import Any

import pytest

from deploys.load import server_from
from deploys.refusal import Refusal

SMALLEST: dict[str, Any] = {
    "acme": {"email": "ops@example.com"},
    "apps": {"shop": {"source": "../shop", "asgi": "shop.main:app"}},
    "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}},
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """Copy the smallest settings with one value set; `path` is written with `|` between its keys."""

    def put(data: Any, keys: list[str]) -> Any:
        return value if not keys else {**(data or {}), keys[0]: put((data or {}).get(keys[0]), keys[1:])}

    settings = put(SMALLEST, path.split("|"))
    assert isinstance(settings, dict)
    return settings


def refused(settings: dict[str, Any]) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        server_from(settings)
    first, *lines = str(refusal.value).splitlines()
    assert first == "settings refused, nothing was changed"
    return lines


def test_a_domain_an_email_and_an_app_are_enough() -> None:
    server = server_from(SMALLEST)
    assert server.acme.directory_url == "https://acme-v02.api.letsencrypt.org/directory"
    assert server.proxy == "nginx"
    assert server.apps["shop"].workers == 1


def test_data_that_is_not_ours_is_left_alone() -> None:
    assert server_from({**SMALLEST, "ssh_user": "root", "_sudo": True}) == server_from(SMALLEST)


SHOP = SMALLEST["apps"]["shop"]
ROUTES = {"routes": {"/": {"app": "shop"}}}
SITE, NAMED = "sites|www.example.com", "sites['www.example.com']"

REFUSALS = [
    (
        "sites|www.example.com|routes|/x",
        "shop",
        "sites['www.example.com']['routes']['/x']: 'shop': write exactly",
    ),
    (
        "sites|www.example.com|routes|/x",
        5,
        "sites['www.example.com']['routes']['/x']: 5: write exactly one of",
    ),
    ("apps|shop|source", 5, "apps['shop']['source']: 5: write a directory, or exactly one of"),
    ("edge", "cloudflare", "edge: 'cloudflare': write"),
    ("acme|email", "ops", "acme['email']: 'ops': write an address like \"ops@example.com\""),
    ("acme|mail", "x", "acme['mail']: unknown key, remove it; there could be ca_bundle"),
    (
        "acme|directory",
        "letsencrypt-stagin",
        "acme['directory']: 'letsencrypt-stagin': "
        'write "letsencrypt", "letsencrypt-staging" or a directory URL',
    ),
    ("proxy", "ngnix", "proxy: 'ngnix': write 'nginx'"),
    ("edge", {}, 'edge: {}: write {"cloudflare": True}, or {"addresses": [...]} for a load balancer'),
    ("edge", {"addresses": ["10.0.0.1/8"]}, "edge['addresses'][0]: '10.0.0.1/8': write a network like"),
    ("tls", "old", "tls: 'old': write 'intermediate' or 'modern'"),
    ("max_header", "2k", 'max_header: \'2k\': write kilobytes from "4k" to "999k"'),
    (
        "upstreams|legacy|servers",
        ["legacy.example.com:80"],
        "upstreams['legacy']['servers'][0]: 'legacy.example.com:80': write address and port",
    ),
    (
        "sites|www.example.com|routes|/",
        {"app": "shop", "files": "/srv"},
        "sites['www.example.com']['routes']['/']: {'app': …, 'files': …}: write exactly one of",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"upstream": "none"},
        "sites['www.example.com']['routes']['/x']['upstream']: 'none': name one of the upstreams (none yet)",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"files": "static"},
        "sites['www.example.com']['routes']['/x']: {'files': …}: write an absolute path, or say whose",
    ),
    (
        "sites|www.example.com|routes|/api",
        {"app": "shop", "prefix": "/api"},
        "sites['www.example.com']['routes']['/api']['prefix']: '/api': give all routes of an app one prefix",
    ),
    (
        "sites|www.example.com|routes|/api|limits",
        {"rate": "10"},
        "sites['www.example.com']['routes']['/api']: {'limits': …}: write exactly one of",
    ),
    (
        "sites|www.example.com|routes|/",
        {"app": "shop", "limits": {"rate": "10 per second"}},
        "sites['www.example.com']['routes']['/']['limits']['rate']: '10 per second': write requests",
    ),
    (
        "sites|www.example.com|hsts",
        {"preload": True},
        "sites['www.example.com']['hsts']: {'preload': …}: preload needs include_subdomains",
    ),
    (
        "sites|www.example.com|blocked",
        ["/a;b"],
        "sites['www.example.com']['blocked'][0]: '/a;b': write a path",
    ),
    (
        "sites|www.example.com|error_pages",
        {200: "x.html"},
        "sites['www.example.com']['error_pages']: 200: ",
    ),
    ("apps|shop|asgi", "shop.main", "apps['shop']['asgi']: 'shop.main': write \"module:attribute\", or"),
    ("apps|shop|asgi", "a:b; rm -rf /", "apps['shop']['asgi']: 'a:b; rm -rf /': write"),
    ("apps|shop|workers", 0, "apps['shop']['workers']: 0: write 1 or more"),
    ("apps|shop|workers", "4", "apps['shop']['workers']: '4': write a whole number"),
    ("apps|shop|wokers", 4, "apps['shop']['wokers']: unknown key, did you mean 'workers'?"),
    (
        "apps|shop|dependencies",
        {"extras": ["pg; rm"]},
        "apps['shop']['dependencies']['extras'][0]: 'pg; rm': use letters and digits, and ._- between them",
    ),
    (
        "apps|shop|dependencies",
        {"groups": ["prod"], "package": "shop\n"},
        "apps['shop']['dependencies']['package']: 'shop\\n': use letters and digits",
    ),
    (
        "apps|shop",
        {"source": {"package": "shop"}, "asgi": "s:a", "dependencies": {"extras": ["pg"]}},
        "apps['shop']['dependencies']: {'extras': …}: remove it, and write extras in the package, like",
    ),
    (
        "apps|shop",
        {"source": {"wheel": "shop.whl"}, "asgi": "s:a", "dependencies": {"groups": ["prod"]}},
        "apps['shop']['dependencies']: {'groups': …}: a wheel has only extras: remove the rest",
    ),
    ("apps|shop|port", 80, "apps['shop']['port']: 80: write 1024 or more"),
    ("apps|shop|env|A-B", "x", "apps['shop']['env']: 'A-B': use letters, digits and"),
    (
        "apps|shop|env|KEY",
        "a\nExecStart=/bin/sh",
        "apps['shop']['env']['KEY']: (value not shown): remove the",
    ),
    (
        "apps|shop|source",
        {"git": "https://hunter2@example.com/shop.git"},
        "apps['shop']['source']['git']: 'https://***@example.com/shop.git': take the login out of it",
    ),
    (
        "apps|shop|source",
        {"git": "--upload-pack=x"},
        "apps['shop']['source']['git']: '--upload-pack=x': write a URL",
    ),
    (
        "apps|shop|indexes|extra",
        ["https://shop:hunter2@packages.example.com/simple"],
        "apps['shop']['indexes']['extra'][0]: 'https://***@packages.example.com/simple': take the login out",
    ),
    (
        "apps|shop|indexes|default",
        {"url": "http://packages.example.com", "user": "shop", "password": {"env": "X"}},
        "apps['shop']['indexes']['default']['url']: 'http://packages.example.com': write an https URL",
    ),
    (
        "apps|shop|indexes|default",
        {"url": "https://packages.example.com", "user": "a b", "password": {"env": "X"}},
        "apps['shop']['indexes']['default']['user']: 'a b': write an account name",
    ),
    (
        "apps|shop|indexes|default",
        {"url": "https://packages.example.com", "user": "shop", "password": "hunter2"},
        "apps['shop']['indexes']['default']['password']: (value not shown): say where it is",
    ),
    (
        "apps|shop|indexes|default",
        {"uri": "https://packages.example.com", "password": "hunter2"},
        "apps['shop']['indexes']['default']: {'uri': …, 'password': …}: write a URL, or an object",
    ),
    (
        "apps|shop|indexes|default",
        {"url": "https://packages.example.com", "user": "shop"},
        "apps['shop']['indexes']['default']['password']: missing, add it",
    ),
    (
        "apps|shop|indexes|extra",
        [
            {"url": f"https://packages.example.com/{user}", "user": user, "password": {"env": "X"}}
            for user in ("a", "b")
        ],
        "apps['shop']['indexes']: {'extra': …}: give all indexes at packages.example.com the same",
    ),
    ("apps|Shop", SHOP, "apps: 'Shop': use up to 27 lower-case letters"),
    (f"apps|{'s' * 28}", SHOP, f"apps: '{'s' * 28}': use up to 27 lower-case letters"),
    ("sites", {}, "sites: {}: write at least one"),
    ("sites|exa mple.com", ROUTES, "sites: 'exa mple.com': write a domain name"),
    (
        "sites|münchen.de",
        ROUTES,
        "sites: 'münchen.de': write it in its ASCII form, 'xn--mnchen-3ya.de'",
    ),
    (
        "sites|www.example.com|aliases",
        ["a b"],
        "sites['www.example.com']['aliases'][0]: 'a b': write a domain",
    ),
    (
        "sites|www.example.com|aliases",
        ["www.example.com"],
        "sites['www.example.com']['aliases']: 'www.example.com': the name already belongs to",
    ),
    (
        "sites|www.example.com|routes|/|app",
        "shp",
        "sites['www.example.com']['routes']['/']['app']: 'shp': name one of the apps (shop)",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"ap": "shop"},
        "sites['www.example.com']['routes']['/x']: {'ap': …}: write exactly one of",
    ),
    (
        "sites|www.example.com|routes|/x/../y",
        {"app": "shop"},
        "sites['www.example.com']['routes']: '/x/../y'",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"files": "/srv/$x"},
        "sites['www.example.com']['routes']['/x']['files']",
    ),
    ("sites|www.example.com|routes", None, "sites['www.example.com']['routes']: None: write an object"),
    ("sits", {}, "sits: unknown key, did you mean 'sites'?"),
    ("max_body", "2g", "max_body: belongs to a site, write it there: sites['www.example.com']['max_body']"),
    ("sites", {"WWW.example.com": ROUTES, "www.example.com": ROUTES}, "sites: {'WWW.example.com': …, "),
    ("sites|fe80::1%eth0", ROUTES, "sites: 'fe80::1%eth0': write a domain name"),
    ("sites|127.0.0.1", ROUTES, "sites: '127.0.0.1': write the address by which clients reach the server"),
    (f"{SITE}|certificate", "letsencrypt", f"{NAMED}['certificate']: 'letsencrypt': write an object"),
    (f"{SITE}|certificate", None, f"{NAMED}['certificate']: None: write an object"),
    (f"{SITE}|aliases", "example.com", f"{NAMED}['aliases']: 'example.com': write a list"),
    (f"{SITE}|routes", {}, f"{NAMED}['routes']: {{}}: write at least one"),
    (f"{SITE}|routes|/wp-admin/", {"app": "shop"}, "nothing gets to the route"),
    (f"{SITE}|routes|/gatehouse-pages/x", {"app": "shop"}, "gatehouse itself answers below"),
    (f"{SITE}|routes|/.well-known/acme-challenge", {"app": "shop"}, "gatehouse itself answers below"),
    (f"{SITE}|routes|/", {"redirect": "/x"}, "['redirect']: '/x': it leads in a circle (/ -> /); redirect"),
    (f"{SITE}|routes|/", {"redirect": "https://www.example.com/"}, "it leads in a circle (/ -> /)"),
    (f"{SITE}|routes|/x", {"redirect": "https://example.org/?a=1"}, 'leave out "?" or "#"'),
    (f"{SITE}|routes|/x", {"redirect": "https://me:pw@example.org"}, "take the login out of it"),
    (f"{SITE}|routes|/x", {"redirect": "mailto:x"}, "['redirect']: 'mailto:x': write an absolute URL"),
    (f"{SITE}|routes|/", {"app": "shop", "limits": {"burst": 5}}, "burst does nothing without a rate"),
    (f"{SITE}|error_pages", {418: "x.html"}, f"{NAMED}['error_pages']: 418: remove it: the proxy never"),
    ("upstreams|legacy|servers", ["2001:db8::7:8000"], "write address and port, like"),
    ("upstreams|legacy|servers", ["[fe80::1%1;evil{}]:80"], "write address and port, like"),
    ("edge", {"addresses": ["0.0.0.0/0"]}, "'0.0.0.0/0': name its own networks"),
    ("edge", {"addresses": ["fe80::%x;y/64"]}, "write a network like"),
    ("edge", {"cloudflare": False}, "edge['cloudflare']: False: write True"),
    ("apps|shop|asgi", "main.py:app", "'main.py:app': write a module, not a file: \"main:app\""),
    ("apps|shop|python", "3.6", "'3.6': write a version like"),
    ("apps|shop|limits", {"cpus": 0.0001}, "['limits']['cpus']: 0.0001: write 0.01 or more"),
    ("apps|shop|limits", {"cpus": "2"}, "['limits']['cpus']: '2': write a number"),
    ("apps|shop|limits", {"memory": "1k"}, "['limits']['memory']: '1k': write at least"),
    ("apps|shop|hooks", {"before": ["cd x && alembic upgrade head"]}, "no shell reads this: quote &&, or"),
    ("apps|shop|hooks", {"before": ["echo $HOME"]}, "no shell reads this: quote $HOME, or write sh -c"),
    ("apps|shop|env", {"PATH": "/x"}, "take another name than PATH: gatehouse or systemd sets it"),
    ("apps|shop", {**SHOP, "env": {"K": "1"}, "secrets": {"K": {"env": "K"}}}, "K is in env, too"),
    ("apps|shop|env", {"WORKERS": 4}, "['env']['WORKERS']: (value not shown): write it in quotes"),
    ("apps|shop|jobs", {"x": {"schedule": "*/5 * * * *", "command": "x"}}, "write when, as systemd.time(7)"),
]


@pytest.mark.parametrize(("path", "value", "line"), REFUSALS, ids=[f"{p}={v!r}" for p, v, _ in REFUSALS])
def test_each_mistake_gets_one_line_with_key_value_and_remedy(path: str, value: Any, line: str) -> None:
    (only,) = refused(changed(path, value))
    assert line in only
    assert "function-" not in only


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("alerts", "https://hooks.example.com/SECRET"),
        ("alerts|webhook", "https://hooks.example.com/SECRET"),
        ("alerts|webhok", {"url": "https://hooks.example.com/SECRET"}),
        ("alerts|webhook", {"url": "https://hooks.example.com/SECRET", "format": "x"}),
        ("acme|eab", "SECRET"),
        ("acme|ebb", {"hmac_key": "SECRET"}),
        ("acme|dns", {"credentials": {"token": "SECRET"}}),
        ("acme|dns", {"plugin": "x", "credentials": "SECRET"}),
        ("apps|shop|secrets", ["SECRET"]),
        ("apps|shop|secret", {"TOKEN": "SECRET"}),
        ("apps|shop|secrets", {"TOKEN": "SECRET"}),
        ("apps|shop|env", ["TOKEN=SECRET"]),
        ("apps|shop|envs", {"TOKEN": "SECRET"}),
    ],
)
def test_no_refusal_shows_a_secret(path: str, value: Any) -> None:
    for line in refused(changed(path, value)):
        assert "SECRET" not in line


def test_several_mistakes_are_told_at_once() -> None:
    settings = changed("apps|shop|workers", 0) | {"acme": {"email": "x", "directory": "y"}}
    assert len(refused(settings)) == 3


def test_two_apps_cannot_have_one_port() -> None:
    apps = {
        name: {"source": ".", "asgi": "a:b", "port": port} for name, port in (("one", 8000), ("two", 8001))
    }
    (line,) = refused(SMALLEST | {"apps": SMALLEST["apps"] | apps})
    assert line == "apps['two']['port']: 8001: apps['one'] has port 8001; each app takes two, so set another"
