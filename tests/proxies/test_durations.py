"""Times as Go reads them."""

import pytest

from deploys.config.amounts import Duration
from deploys.proxies.durations import duration

DAY = 24 * 3600 * 1000


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0h"),
        (1, "1ms"),
        (1500, "1500ms"),
        (60_000, "1m"),
        (DAY, "24h"),
        (106_751 * DAY, "2562024h"),
        (106_752 * DAY, "9223372036854ms"),
        (10**18, "9223372036854ms"),
    ],
)
def test_a_time(milliseconds: int, text: str) -> None:
    assert duration(Duration(milliseconds)) == text
