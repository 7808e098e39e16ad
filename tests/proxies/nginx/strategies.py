"""Any settings that a user might write, within what is valid and up to its edges."""

import re
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from deploys.config import sites
from deploys.load import server_from
from deploys.refusal import Refusal

DIGITS = st.integers(1, 999_999)
LABEL = st.from_regex(re.compile(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", re.ASCII), fullmatch=True)
LONG_LABEL = st.from_regex(re.compile(r"[a-z]{63}"), fullmatch=True)
DOMAIN = st.builds(
    lambda labels: ".".join([*labels, "test"]), st.lists(LABEL | LONG_LABEL, min_size=1, max_size=3)
)
NAME = st.from_regex(re.compile(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", re.ASCII), fullmatch=True)
SEGMENT = st.text("abzABZ019._~!&()*+,=:@-", min_size=1, max_size=12).filter(
    lambda text: text not in {".", ".."}
)
PATH = st.builds(
    lambda segments, slash: "/" + "/".join(segments) + ("/" if slash and segments else ""),
    st.lists(SEGMENT, max_size=3),
    st.booleans(),
)
FOLDER = st.builds(
    lambda segments: "/data/" + "/".join(segments),
    st.lists(st.sampled_from(["srv", "a+b", "x@y", "-"]), min_size=1),
)
SECONDS = st.builds(lambda number, unit: f"{number}{unit}", DIGITS, st.sampled_from("smhd"))
DURATION = SECONDS | st.builds(lambda number: f"{number}ms", DIGITS)
SIZE = st.builds(lambda number, unit: f"{number}{unit}", DIGITS, st.sampled_from(["", "k", "m", "g"]))
FILE = st.sampled_from(["nginx/mine.conf", "odd name; }.conf", "../$uri.conf", "ä.html"])
URL = st.sampled_from(
    ["https://elsewhere.test", "http://[2001:db8::1]:8080/a?b=c#d", "https://a.test/%41/~'"[:-1]]
)
LIMITS = st.fixed_dictionaries(
    {},
    optional={
        "rate": st.builds(lambda number, unit: f"{number}/{unit}", DIGITS, st.sampled_from("sm")),
        "burst": st.integers(0, 100_000),
        "connections": st.integers(1, 65_535),
    },
)
PROXIED: dict[str, Any] = {
    "timeout": DURATION,
    "idle_timeout": DURATION,
    "max_body": SIZE,
    "stream_requests": st.booleans(),
    "buffer_responses": st.booleans(),
    "limits": LIMITS,
}


def routes(apps: list[str], upstreams: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    kinds = [
        st.fixed_dictionaries(
            {"files": FOLDER},
            optional={
                "expires": SECONDS,
                "fallback": st.sampled_from(["index.html", "a+b/x@y"]),
                "precompressed": st.booleans(),
                "limits": LIMITS,
            },
        ),
        st.fixed_dictionaries(
            {"redirect": URL | PATH}, optional={"status": st.sampled_from([301, 302, 303, 307, 308])}
        ),
    ]
    if apps:
        kinds.append(st.fixed_dictionaries({"app": st.sampled_from(apps)}, optional=PROXIED))
        kinds.append(st.fixed_dictionaries({"files": st.just("static"), "release_of": st.sampled_from(apps)}))
    if upstreams:
        kinds.append(st.fixed_dictionaries({"upstream": st.sampled_from(upstreams)}, optional=PROXIED))
    return st.dictionaries(PATH, st.one_of(kinds), min_size=1, max_size=4)


@st.composite
def site(draw: st.DrawFn, apps: list[str], upstreams: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {"routes": routes(apps, upstreams)},
            optional={
                "aliases": st.lists(DOMAIN, max_size=2, unique=True),
                "redirect_aliases": st.booleans(),
                "max_body": SIZE,
                "client_timeout": DURATION,
                "hsts": st.just(False)
                | st.fixed_dictionaries(
                    {
                        "max_age": st.integers(31_536_000, 10**10),
                        "include_subdomains": st.just(True),
                        "preload": st.booleans(),
                    }
                ),
                "http3": st.booleans(),
                "compress": st.booleans(),
                "blocked": st.lists(PATH, max_size=3) | st.just(list(sites.BLOCKED)),
                "error_pages": st.dictionaries(
                    st.sampled_from([400, 404, 429, 502, 503, 504]), FILE, max_size=3
                ),
                "snippets": st.lists(FILE, max_size=2),
            },
        )
    )
    for path, route in found["routes"].items():
        if "upstream" in route and draw(st.booleans()):
            route["prefix"] = path
    return found


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    apps = draw(st.lists(NAME, max_size=3, unique=True))
    upstreams = draw(st.lists(NAME, max_size=2, unique=True))
    endpoint = st.builds(
        lambda host, port: f"{host}:{port}",
        st.sampled_from(["192.0.2.7", "[2001:db8::7]"]),
        st.integers(1, 65_535),
    )
    upstream = st.fixed_dictionaries(
        {"servers": st.lists(endpoint, min_size=1, max_size=3, unique=True)},
        optional={
            "balance": st.sampled_from(["round_robin", "least_conn"]),
            "max_fails": st.integers(0, 1000),
            "fail_timeout": SECONDS,
        },
    )
    network = st.sampled_from(["10.0.0.0/8", "192.0.2.0/24", "2001:db8::/32", "0.0.0.0/0", "198.51.100.7/32"])
    edge = st.sampled_from(
        [{"cloudflare": True}, {"cloudflare": True, "only": True}]
    ) | st.fixed_dictionaries(
        {"addresses": st.lists(network, min_size=1, max_size=3, unique=True)},
        optional={
            "tells_by": st.sampled_from(["X-Forwarded-For", "X-Real-IP", "PROXY"]),
            "only": st.booleans(),
        },
    )
    names = DOMAIN | st.sampled_from(["192.0.2.1", "2001:db8::1", "198.51.100.1"])
    found: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {
                "acme": st.just({"email": "ops@example.com"}),
                "apps": st.just(
                    {app: {"source": ".", "asgi": "a:b", "port": 20000 + 2 * n} for n, app in enumerate(apps)}
                ),
                "upstreams": st.fixed_dictionaries(dict.fromkeys(upstreams, upstream)),
                "sites": st.dictionaries(names, site(apps, upstreams), min_size=1, max_size=3),
            },
            optional={
                "tls": st.sampled_from(["intermediate", "modern"]),
                "edge": edge,
                "max_header": st.sampled_from(["4k", "16k", "999k"]),
                "snippets": st.lists(FILE, max_size=2),
            },
        )
    )
    routes = [route for site in found["sites"].values() for route in site["routes"].values()]
    led_to = {name for route in routes for key, name in route.items() if key in {"app", "release_of"}}
    found["apps"] = {app: own for app, own in found["apps"].items() if app in led_to}
    try:
        server_from(found)
    except Refusal:
        assume(False)
    return found
