"""What the repository shows its users is accepted by what it ships, whatever they make of the inventories."""

import ast
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploys.config.reference import reference
from deploys.load import server_from

ROOT = Path(__file__).parent.parent
PAGES = {path.name: path.read_text() for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]}
SHOP = {"source": "../shop", "asgi": "shop.main:app"}


def test_the_reference_page_is_current() -> None:
    assert PAGES["settings.md"] == reference(), "run: python -m deploys.config.reference > docs/settings.md"


def test_every_setting_says_what_it_means() -> None:
    silent = [row for row in reference().splitlines() if row.startswith("| `") and row.endswith("|  |")]
    assert not silent, "a docstring is missing in deploys/config/"


def test_the_labs_group_data_is_plain_data() -> None:
    """pyinfra runs every one of these files in every run, whatever the inventory."""
    code = ast.parse((ROOT / "group_data" / "lab.py").read_text())
    assert [
        line for line in code.body if isinstance(line, ast.Import | ast.ImportFrom | ast.FunctionDef)
    ] == []


def test_the_settings_in_the_readme_are_valid() -> None:
    lines = [line.strip() for line in PAGES["README.md"].splitlines()]
    settings: dict[str, object] = {}
    exec("\n".join(line for line in lines if re.match(r"(acme|alerts|apps|sites) = ", line)), settings)  # noqa: S102  # the page's own
    server = server_from(settings)
    assert list(server.sites) == ["www.example.com"]
    assert server.alerts.webhook


def _of_an_app() -> list[Any]:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGES["apps.md"], re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    found = []
    for block in blocks:
        if block.startswith('"'):
            shown = ast.parse(f"{{{block}}}", mode="eval").body
            assert isinstance(shown, ast.Dict)
            # One at a time: a block may show several ways of saying one key.
            pairs = [
                (ast.literal_eval(key or shown), value)
                for key, value in zip(shown.keys, shown.values, strict=True)
            ]
            found += [pytest.param({key: ast.literal_eval(value)}, id=key) for key, value in pairs]
    return found


@pytest.mark.parametrize("keys", _of_an_app())
def test_the_settings_of_an_app_in_its_page_are_valid(keys: dict[str, Any]) -> None:
    server = server_from(
        {
            "acme": {"email": "ops@example.com"},
            "apps": {"shop": {**SHOP, **keys}},
            "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}},
        }
    )
    shop = server.apps["shop"]
    assert keys.keys() <= shop.model_fields_set


def test_the_inventory_of_several_servers_is_valid() -> None:
    inventory, group = re.findall(r"^```python\n(.*?)^```", PAGES["servers.md"], re.MULTILINE | re.DOTALL)
    said: dict[str, Any] = {}
    exec(inventory, said)  # noqa: S102  # the page's own
    shared: dict[str, Any] = {}
    exec(group, shared)  # noqa: S102  # as above
    assert len(said["hosts"]) == 2
    for name, own in said["hosts"]:
        assert server_from({**shared, **own}, name).backup


def test_the_pages_link_to_one_another() -> None:
    anchors = {
        page: {
            re.sub(r"[^a-z0-9 -]", "", head.lower()).replace(" ", "-")
            for head in re.findall(r"^#+ (.+)", text, re.M)
        }
        for page, text in PAGES.items()
    }
    for page, text in PAGES.items():
        for target, anchor in re.findall(r"\]\((?:docs/)?([a-zA-Z]+\.md)(?:#([a-z0-9-]+))?\)", text):
            assert target in PAGES or target == "CHANGELOG.md", f"{page}: {target}"
            assert not anchor or anchor in anchors[target], f"{page}: {target}#{anchor}"


def test_git_ignores_the_files_in_which_the_pages_have_secrets() -> None:
    kept = {
        path
        for page in PAGES.values()
        for path in re.findall(r'"(?:file|key)": "([^"]+)"', page)
        if not path.startswith(("/", "~", "backups/"))  # elsewhere, or encrypted
    }
    assert len(kept) >= 3
    ignored = subprocess.run(
        ["git", "check-ignore", "--no-index", "--", *kept],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert set(ignored.stdout.split()) == kept
