"""What is greater than a number is found without arithmetic."""

import re

from hypothesis import given
from hypothesis import strategies as st

from deploys.proxies.numbers import above


@given(st.integers(1, 10**12), st.integers(0, 10**12))
def test_a_number_is_above_another_if_it_is(number: int, other: int) -> None:
    for asked in (other, number - 1, number, number + 1, number * 10):
        assert bool(re.search(above(number), str(asked))) == (asked > number)
        assert bool(re.search(above(number), f"00{asked}")) == (asked > number)
