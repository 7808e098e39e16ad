from dataclasses import replace

import pytest

from deploys.apps import deploy as apps
from deploys.base import deploy as base
from deploys.load import server_from
from deploys.proxies.table import PROXIES
from tests.lab.acme import PROFILES, CaOptions, pebble_config
from tests.lab.debian import Mirror, sources
from tests.lab.recipes import FURNITURE, PROXY, SERVER_PACKAGES, Recipe
from tests.lab.shell import failure

RECIPE = Recipe("server", "13", ("systemd",), ("deb https://mirror.example trixie main",), ())
MIRROR = Mirror("https://mirror.example/debian/", "https://mirror.example/security/")


def test_the_same_recipe_is_the_same_image() -> None:
    assert replace(RECIPE).image == RECIPE.image
    assert RECIPE.image.startswith("server-13-")


@pytest.mark.parametrize(
    "changed",
    [
        replace(RECIPE, packages=("systemd", "dbus")),
        replace(RECIPE, certificates=("a certificate",)),
        replace(RECIPE, files=(("etc/pip.conf", "[global]\n"),)),
        replace(RECIPE, options=('Acquire::Check-Valid-Until "false";',)),
    ],
)
def test_a_changed_recipe_is_another_image(changed: Recipe) -> None:
    assert changed.image != RECIPE.image


@pytest.mark.parametrize(
    ("debian", "mirror", "suites"),
    [
        ("12", MIRROR, ["bookworm", "bookworm-updates", "bookworm-security"]),
        ("13", MIRROR, ["trixie", "trixie-updates", "trixie-security"]),
        ("13", replace(MIRROR, security=None), ["trixie", "trixie-updates"]),
        ("forky", MIRROR, ["forky"]),
    ],
)
def test_sources(debian: str, mirror: Mirror, suites: list[str]) -> None:
    assert [line.split()[3] for line in sources(debian, mirror)] == suites


def test_the_first_profile_is_the_lifetime_where_pebble_knows_none() -> None:
    assert pebble_config(CaOptions())["certificateValidityPeriod"] == 90 * 86400
    short = pebble_config(CaOptions(profiles=("minutes",)))
    assert short["certificateValidityPeriod"] == 600
    assert list(PROFILES) == ["default", "classic64", "tlsserver", "shortlived", "minutes"]
    assert isinstance(short["profiles"], dict)
    assert list(short["profiles"]) == ["minutes"]


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("", "apt-get install x: exit code 100"),
        ("I: hm\nE: Unable to locate package x\nE: so\n", "apt-get install x: E: Unable to locate package x"),
        ("f:3:1-2: Error: syntax error\n}\n^\n", "apt-get install x: f:3:1-2: Error: syntax error"),
        ("Traceback\n  here\nValueError: no\n", "apt-get install x: ValueError: no"),
    ],
)
def test_a_failure_is_one_line_in_the_programs_words(output: str, line: str) -> None:
    assert failure(["apt-get", "install", "x", "--and-more"], 100, output) == line


def test_a_furnished_server_has_what_gatehouse_installs_first() -> None:
    server = server_from(
        {
            "acme": {"email": "ops@example.com"},
            "apps": {"shop": {"source": "shop", "asgi": "main:app"}},
            "sites": {"shop.example": {"routes": {"/": {"app": "shop"}}}},
        }
    )
    wanted = {*base.PACKAGES, *apps.packages(server), *PROXIES["nginx"].packages, "certbot", "openssl"}
    assert wanted <= {*FURNITURE, *PROXY, *SERVER_PACKAGES}
    assert {*FURNITURE, *PROXY} <= wanted | {"python3-venv"}  # for the certbot of PyPI
