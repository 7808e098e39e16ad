"""The page of what each proxy can do says what is refused and tried."""

from pathlib import Path

from tests.conformance.published import page

PAGE = Path(__file__).parents[2] / "docs" / "proxies.md"


def test_the_page_is_what_the_tables_say() -> None:
    assert PAGE.read_text() == page(), (
        "write it again: python -m tests.conformance.published > docs/proxies.md"
    )
