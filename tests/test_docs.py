"""What the pages say in numbers is what the code does."""

import re
from pathlib import Path
from textwrap import dedent

import pytest

from deploys.apps import build
from deploys.apps.servers import KEEP_ALIVE
from deploys.apps.unit import GRACEFUL
from deploys.config.apps import App
from deploys.config.execution import Health
from deploys.config.routes import AppRoute
from deploys.config.sites import Site
from deploys.places.apps import AppPlaces
from deploys.proxies.caddy.proxy import Caddy
from deploys.proxies.contract import Releases
from deploys.proxies.traefik.proxy import Traefik

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
DEFAULTS = App.model_fields
BUILDS = dict(build.properties(AppPlaces("shop", 20000)))


def dotted(releases: Releases) -> str:
    return ".".join(map(str, releases.oldest))


@pytest.mark.parametrize(
    ("page", "words", "value"),
    [
        ("nginx.md", r"closed after (\d+) s without use", AppPlaces.idle),
        ("apps.md", r'after `"drain": (\d+)` seconds', DEFAULTS["drain"].default),
        ("apps.md", r"Then the server gets (\d+) more seconds", GRACEFUL),
        ("apps.md", r'kept \(`"keep": (\d+)`\)', DEFAULTS["keep"].default),
        ("apps.md", r'"status": 200, "timeout": (\d+)', Health().timeout),
        ("apps.md", r'"timeout": 30, "settle": (\d+)', Health().settle),
        ("troubleshooting.md", r"not healthy within (\d+) s: GET /: status", Health().timeout),
        ("settings.md", r"of Caddy from (\S+) on", dotted(Caddy.releases)),
        ("settings.md", r"of Traefik from (\S+) on", dotted(Traefik.releases)),
        ("caddy.md", r"# (\S+) or a later one", dotted(Caddy.releases)),
        ("traefik.md", r'"version": "(\S+)",  # or a later one', dotted(Traefik.releases)),
        ("apps.md", r"A build has as much memory, ([\d,]+) tasks", f"{int(BUILDS['TasksMax']):,}"),
        ("security.md", r"Builds have .* and ([\d,]+) tasks", f"{int(BUILDS['TasksMax']):,}"),
        ("sites.md", r"anything else for `timeout` \((\w+ ?s)\)", AppRoute.model_fields["timeout"].default),
        ("sites.md", r"longer than `client_timeout` \((\w+)\)", Site.model_fields["client_timeout"].default),
    ],
)
def test_a_number_in_the_pages_is_the_codes(page: str, words: str, value: object) -> None:
    found = re.search(words, (DOCS / page).read_text())
    assert found, f"{page} no longer says {words!r}"
    assert found[1].replace(" ", "") == str(value).replace(" ", ""), f"{page} says {found[0]!r}"


def test_an_idle_connection_ends_at_the_proxy_first() -> None:
    assert AppPlaces.idle < KEEP_ALIVE


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_a_page_opens_with_what_it_answers(page: str) -> None:
    title, blank, first, *_ = (DOCS / page).read_text().splitlines()
    assert title.startswith("# ")
    assert not blank
    assert re.match(r"[A-Z].*[a-z]", first), f"{page} begins with {first!r}"


def slug(heading: str) -> str:
    """Write a heading as the anchor that GitHub makes of it."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)}


@pytest.mark.parametrize("page", ["README.md", *sorted(f"docs/{path.name}" for path in DOCS.glob("*.md"))])
def test_each_link_of_a_page_leads_somewhere(page: str) -> None:
    here = ROOT / page
    for link in re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", here.read_text()):
        path, _, anchor = "".join(link).partition("#")
        if path.startswith(("http:", "https:")):
            continue
        there = here.parent / path if path else here
        assert there.exists(), f"{page} links to {path}, which is not there"
        assert not anchor or anchor in anchors(there), f"{page} links to {path}#{anchor}, which is not there"


def test_the_readme_names_each_page() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [path.name for path in DOCS.glob("*.md") if f"(docs/{path.name})" not in readme] == []


def test_the_first_settings_of_the_readme_are_those_that_come_along() -> None:
    page = (ROOT / "README.md").read_text()
    shown = page.split("what it is to be, in `group_data/prod.py`:\n\n")[1].split("\n\n")[0]
    assert settings_in(dedent(shown)) == settings_in((ROOT / "group_data/prod.py").read_text())


def settings_in(group_data: str) -> dict[str, object]:
    names: dict[str, object] = {}
    exec(group_data, {}, names)  # noqa: S102  # our own
    names.pop("__doc__", None)
    return names


def test_the_readme_names_each_deploy() -> None:
    page = (ROOT / "README.md").read_text()
    entries = {
        path.name for path in (ROOT / "deploys").glob("*.py") if f"deploys/{path.name}" in path.read_text()
    }
    assert "site.py" in entries
    assert sorted(name for name in entries if f"deploys/{name}" not in page) == []
