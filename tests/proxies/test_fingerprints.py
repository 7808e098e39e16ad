"""A file is kept for good if a bundler has put a digest in its name, and not if that is made of words."""

import random
import re
import string
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deploys.proxies.fingerprints import ASKED_FOR, IMMUTABLE, RULES

HEX = "0123456789abcdef"
BASE_32 = string.ascii_uppercase + "234567"
BASE_64 = string.ascii_letters + string.digits + "_-"


def caching(path: str) -> str:
    """Say what the first rule that matches says, as nginx and Caddy do."""
    return next((rule.caching for rule in RULES if re.search(rule.pattern, path)), ASKED_FOR)


@pytest.mark.parametrize(
    "path",
    [
        # Vite
        *("/assets/index-DiwrgTda.js", "/assets/index-B4kd9_-x.css", "/assets/index-B_x-9dKq.css"),
        *("/assets/index-DiwrgTda.js.map", "/assets/js/vendor-Cx7f3QpL.mjs", "/assets/inter-DqFvGlOW.woff2"),
        *("/assets/hero-Cx7f3QpL.png", "/app/assets/logo-a1B2c3D4.svg", "/assets/index-legacy-CkPwSeAs.js"),
        # Astro, Nuxt and SvelteKit
        *("/_astro/hoisted.DiwrgTda.js", "/_nuxt/DiwrgTda.js", "/_nuxt/entry.B4kd9xQp.css"),
        *("/_app/immutable/entry/start.CqGyjLyV.js", "/_app/immutable/nodes/0.DarkMode.js"),
        "/_app/immutable/assets/fira.Germany2.woff2",
        # webpack, Create React App, Vue and Gatsby
        *("/main.8d3f2a1c.js", "/static/js/main.8d3f2a1c.js", "/static/css/main.e6c13ad2.css.map"),
        *("/static/media/logo.6ce24c58023cc2f8fd88fe9d219db6c6.svg", "/js/chunk-vendors.77aa01bc.js"),
        *("/app-8d3f2a1c9b7e6f5d4c3b.js", "/chunk-77aa01bc.min.js", "/runtime~main.3f2a1b9c.js"),
        # Parcel, Next, Django and Sprockets
        *("/index.1a2b3c4d.js", "/photo.1a2b3c4d.jpg", "/site.1a2b3c4d.webmanifest"),
        *(
            "/_next/static/chunks/main-app-8d3f2a1c9b7e6f5d.js",
            "/_next/static/chunks/a-1b2c3d4e5f6a7b8c.js",
        ),
        *("/static/base.27e20196a850.css", "/static/admin/img/icon.d2f9f2a1b3c4.svg"),
        f"/assets/application-{'8d3f2a1c' * 8}.css",
        # esbuild and Angular
        *("/app-XYZ2ABCD.js", "/main-ABC2DEF3.js", "/styles-5INURTSO.css", "/media/inter-K3LM4NOP.woff2"),
        "/build/_assets/logo-A2B3C4D5.svg",
    ],
)
def test_a_digest_is_found(path: str) -> None:
    assert caching(path) == IMMUTABLE


@pytest.mark.parametrize(
    "path",
    [
        # Words of eight letters, and words with a number.
        *("/assets/logo-DarkMode.svg", "/assets/terms-Germany2.pdf", "/assets/User.Settings.json"),
        *("/assets/guide-HowToUse.pdf", "/assets/guide-HowTo101.pdf", "/assets/photo-iPhone15.jpg"),
        *("/assets/sales-Q3Report.pdf", "/assets/deck-B2BSales.pdf", "/assets/plan-2024Plan.xlsx"),
        *("/assets/list-Top10New.json", "/assets/map-Go2Paris.png", "/assets/logo-v2-Final.svg"),
        *("/assets/User.Settings.js", "/assets/terms-Germany2.js", "/assets/index-settings.js"),
        *("/assets/app-SETTINGS.js", "/assets/DarkMode.js", "/assets/Settings.css", "/logo-DarkMode.svg"),
        *("/logo-DarkMode.js", "/static/js/data-DarkMode.js", "/assets/a/b/c-DarkMode.svg"),
        *("/Report-VERSION2.pdf", "/lib-VERSION2.js", "/Report-Q3REPORT.pdf", "/sales-B2BSALES.pdf"),
        *("/README-TRANSLATE.txt", "/CHANGELOG-20240115.txt", "/app-ENGLISH.js", "/NOTES-2NDDRAFT.txt"),
        # Dates, versions and numbers.
        *(
            "/photo-20240115.jpg",
            "/assets/my-photo-20240115.jpg",
            "/photo-20240115a.jpg",
            "/scan.00012345.pdf",
        ),
        *("/jquery-3.7.1.min.js", "/v1.2.3/app.js", "/book-chapter12.txt", "/invoice-123456789012.pdf"),
        # What is hexadecimal and a word.
        *("/photo-deadbeef.jpg", "/best-decade1990.jpg", "/color-facade12.png", "/a.feedface.css"),
        # Names without anything.
        *("/", "/index.html", "/favicon.ico", "/app.js", "/assets/app.js", "/_nuxt/builds/latest.json"),
        *("/8d3f2a1c", "/main.8d3f2a1c", "/main.8d3f2a1c/", "/main.8d3f2a1/app.js", "/_app/version.json"),
    ],
)
def test_a_word_is_no_digest(path: str) -> None:
    assert caching(path) == ASKED_FOR


@pytest.mark.parametrize(
    ("name", "alphabet", "length", "share"),
    [
        ("/main.{}.js", HEX, 8, 0.9),
        ("/static/media/logo.{}.svg", HEX, 20, 0.99),
        ("/static/base.{}.css", HEX, 12, 0.95),
        ("/main-{}.js", BASE_32, 8, 0.6),
        ("/assets/index-{}.js", BASE_64, 8, 0.9),
        ("/assets/hero-{}.png", BASE_64, 8, 0.3),
    ],
)
def test_most_digests_are_found(name: str, alphabet: str, length: int, share: float) -> None:
    chance = random.Random(7)  # noqa: S311  # the same ones each time
    digests = ["".join(chance.choices(alphabet, k=length)) for _ in range(2000)]
    found = [digest for digest in digests if caching(name.format(digest)) == IMMUTABLE]
    assert len(found) / len(digests) > share


WORD = st.sampled_from(
    ["dark", "Dark", "DARK", "mode", "Mode", "to", "To", "iPad", "v", "V", "Annual", "note"]
)


@example(["iPad", "To"], 10)
@given(st.lists(WORD, min_size=1, max_size=2), st.integers(0, 9999) | st.just(""))
def test_two_words_and_a_number_are_none_of_a_document(parts: list[str], number: int | str) -> None:
    for folder in ("/assets", "/assets/img", "", "/static"):
        for mark in "-.":
            assert caching(f"{folder}/our{mark}{''.join(parts)}{number}.pdf") == ASKED_FOR


def test_no_pattern_looks_ahead_or_behind() -> None:
    assert not [rule for rule in RULES if re.search(r"\(\?[=!<]", rule.pattern)]


@pytest.mark.parametrize("part", ["A", "a", "9", "-A", ".a", "/assets/", "-Aa9", ".aaaaaaa", "/assets/-"])
def test_a_long_path_takes_no_long_look(part: str) -> None:
    path = "/assets/x-" + part * (8192 // len(part)) + "!"
    began = time.perf_counter()
    assert caching(path) == ASKED_FOR
    assert time.perf_counter() - began < 1, "expected a moment for the longest path that a client can send"
