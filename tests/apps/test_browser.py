"""The docs UI under a prefix, in a real browser: what its button asks for is what the app answers."""

import json
import os
from pathlib import Path

import pytest

from tests.apps.browser import page_of
from tests.apps.conftest import Front

pytestmark = [pytest.mark.lab, pytest.mark.slow]


def test_try_it_out(front: Front, tmp_path: Path) -> None:
    site = front.house.outside
    for name in front.servers:
        with page_of(site) as page:
            page.goto(f"https://{site.domain}/{name}/v1/docs")
            assert page.locator("select#servers option").all_inner_texts() == [f"/{name}/v1"]
            operation = page.locator("#operations-default-items_items__get")
            operation.click()
            operation.get_by_role("button", name="Try it out").click()
            operation.get_by_role("button", name="Execute").click()
            live = operation.locator(".live-responses-table")
            live.wait_for()
            asked = operation.locator(".request-url pre").inner_text()
            assert asked == f"https://{site.domain}/{name}/v1/items/"
            assert live.locator("tbody .response-col_status").first.inner_text().strip() == "200"
            assert json.loads(live.locator("tbody .response-col_description code").first.inner_text()) == [
                "anvil",
                "bellows",
            ]
            picture = Path(os.environ.get("GATEHOUSE_PICTURES", tmp_path)) / f"docs-{name}.png"
            page.screenshot(path=picture)
            assert picture.stat().st_size > 10_000
