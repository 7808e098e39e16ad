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
    ("acme|mail", "x", "acme['mail']: 'x': did you mean 'email'?"),
    (
        "acme|directory",
        "letsencrypt-stagin",
        "acme['directory']: 'letsencrypt-stagin': "
        'write "letsencrypt", "letsencrypt-staging" or a directory URL',
    ),
    ("proxy", "ngnix", "proxy: 'ngnix': 'nginx'"),
    ("edge", {}, 'edge: {}: write {"cloudflare": True}, or {"addresses": [...]} for a load balancer'),
    ("edge", {"addresses": ["10.0.0.1/8"]}, "edge['addresses'][0]: '10.0.0.1/8': write a network like"),
    ("tls", "old", "tls: 'old': 'intermediate' or 'modern'"),
    ("max_header", "2k", 'max_header: \'2k\': write kilobytes from "4k" to "999k"'),
    (
        "upstreams|legacy|servers",
        ["legacy.example.com:80"],
        "upstreams['legacy']['servers'][0]: 'legacy.example.com:80': write address and port",
    ),
    (
        "sites|www.example.com|routes|/",
        {"app": "shop", "files": "/srv"},
        "sites['www.example.com']['routes']['/']: {'app': 'shop', 'files': '/srv'}: write exactly one of",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"upstream": "none"},
        "sites['www.example.com']['routes']['/x']['upstream']: 'none': name one of the upstreams (none yet)",
    ),
    (
        "sites|www.example.com|routes|/x",
        {"files": "static"},
        "sites['www.example.com']['routes']['/x']: {'files': 'static'}: write an absolute path, or say whose",
    ),
    (
        "sites|www.example.com|routes|/api",
        {"app": "shop", "prefix": "/api"},
        "sites['www.example.com']['routes']['/api']['prefix']: '/api': give all routes of an app one prefix",
    ),
    (
        "sites|www.example.com|routes|/api|limits",
        {"rate": "10"},
        "sites['www.example.com']['routes']['/api']: {'limits': {'rate': '10'}}: write exactly one of",
    ),
    (
        "sites|www.example.com|routes|/",
        {"app": "shop", "limits": {"rate": "10 per second"}},
        "sites['www.example.com']['routes']['/']['limits']['rate']: '10 per second': write requests",
    ),
    (
        "sites|www.example.com|hsts",
        {"preload": True},
        "sites['www.example.com']['hsts']: {'preload': True}: preload needs include_subdomains",
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
    ("apps|shop|workers", 0, "apps['shop']['workers']: 0: greater than or equal to 1"),
    ("apps|shop|workers", "4", "apps['shop']['workers']: '4': a valid integer"),
    ("apps|shop|wokers", 4, "apps['shop']['wokers']: 4: did you mean 'workers'?"),
    (
        "apps|shop|dependencies",
        {"extras": ["pg; rm"]},
        "apps['shop']['dependencies']['extras'][0]: 'pg; rm': use letters and digits, and ._- between them",
    ),
    (
        "apps|shop|dependencies",
        {"groups": ["--all-groups"], "package": "shop\n"},
        "apps['shop']['dependencies']['package']: 'shop\\n': use letters and digits",
    ),
    (
        "apps|shop",
        {"source": {"package": "shop"}, "asgi": "s:a", "dependencies": {"extras": ["pg"]}},
        "apps['shop']['dependencies']: {'extras': ['pg']}: remove it, and write extras in the package, like",
    ),
    (
        "apps|shop",
        {"source": {"wheel": "shop.whl"}, "asgi": "s:a", "dependencies": {"groups": ["prod"]}},
        "apps['shop']['dependencies']: {'groups': ['prod']}: a wheel has only extras: remove the rest",
    ),
    ("apps|shop|port", 80, "apps['shop']['port']: 80: greater than or equal to 1024"),
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
        "apps['shop']['indexes']['default']: (value not shown): write a URL, or an object",
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
        "apps['shop']['indexes']: (value not shown): give all indexes at packages.example.com the same",
    ),
    ("apps|Shop", {}, "apps: 'Shop': use up to 27 lower-case letters"),
    (f"apps|{'s' * 28}", {}, f"apps: '{'s' * 28}': use up to 27 lower-case letters"),
    ("sites", {}, "sites: {}: "),
    ("sites|exa mple.com", {"routes": {}}, "sites: 'exa mple.com': write a domain name"),
    (
        "sites|münchen.de",
        {"routes": {}},
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
        "sites['www.example.com']['routes']['/x']: {'ap': 'shop'}: write exactly one of",
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
    ("sites|www.example.com|routes", None, "sites['www.example.com']['routes']: None: "),
    ("sits", {}, "sits: unknown key, did you mean 'sites'?"),
]


@pytest.mark.parametrize(("path", "value", "line"), REFUSALS, ids=[f"{p}={v!r}" for p, v, _ in REFUSALS])
def test_each_mistake_gets_one_line_with_key_value_and_remedy(path: str, value: Any, line: str) -> None:
    lines = refused(changed(path, value))
    assert [shown for shown in lines if shown.startswith(line)], f"expected {line!r} among {lines}"


def test_several_mistakes_are_told_at_once() -> None:
    settings = changed("apps|shop|workers", 0) | {"acme": {"email": "x", "directory": "y"}}
    assert len(refused(settings)) == 3


def test_two_apps_cannot_have_one_port() -> None:
    apps = {
        name: {"source": ".", "asgi": "a:b", "port": port} for name, port in (("one", 8000), ("two", 8001))
    }
    (line,) = refused(SMALLEST | {"apps": SMALLEST["apps"] | apps})
    assert line == "apps['two']['port']: 8001: apps['one'] has that port; each app takes two, so set another"
