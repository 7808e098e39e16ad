"""What may outlive releases: anything beside the app's own module."""

import pytest

from tests.config.wrong import changed, refused


@pytest.mark.parametrize(
    "change",
    [
        'shop["persistent"] = ["shop/data/", "shop/main/data/", "shop/x.db", "src/shop/media/"]',
        'shop["persistent"] = ["sho/", "sources/", "main.py", "shop/main.pyc"]',
        'shop["working_directory"] = "backend"; shop["persistent"] = ["backend/data/", "back/", "main/"]',
        'shop["working_directory"] = "a/b"; shop["persistent"] = ["a/data/", "a/b/data/", "a/b.db"]',
    ],
)
def test_what_is_beside_the_app_is_taken(change: str) -> None:
    assert refused(changed(change)) == []
