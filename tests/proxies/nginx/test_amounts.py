"""nginx reads in its own words just what is meant."""

from hypothesis import example, given
from hypothesis import strategies as st

from deploys.config.amounts import Duration, Rate, Size
from deploys.proxies.nginx import amounts
from tests.proxies.nginx.trees import bytes_of, milliseconds_of


@given(st.integers(1, 999_999 * 86_400_000))
@example(60_000)
@example(3_600_000)
def test_a_time_keeps_its_length(milliseconds: int) -> None:
    assert milliseconds_of(amounts.duration(Duration(milliseconds))) == milliseconds


@given(st.integers(1, 999_999_999 << 30))
@example(1 << 30)
def test_a_size_keeps_its_bytes(count: int) -> None:
    assert bytes_of(amounts.size(Size(count))) == count


def test_a_rate_is_of_seconds_or_minutes() -> None:
    assert amounts.rate(Rate(10, seconds=1)) == "10r/s"
    assert amounts.rate(Rate(30, seconds=60)) == "30r/m"
