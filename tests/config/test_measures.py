"""Amounts are what was written, whatever their units."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from deploys.config import measures
from deploys.config.amounts import Duration, Rate, Size


@pytest.mark.parametrize(
    ("kind", "written", "amount"),
    [
        (measures.Duration, "250ms", Duration(250)),
        (measures.Duration, "60s", Duration(60_000)),
        (measures.Duration, "1m", Duration(60_000)),
        (measures.Seconds, "1h", Duration(3_600_000)),
        (measures.Seconds, "30d", Duration(30 * 86_400_000)),
        (measures.Size, "7", Size(7)),
        (measures.Size, "1024k", Size(1024**2)),
        (measures.Size, "2g", Size(2 * 1024**3)),
        (measures.HeaderSize, "16k", Size(16_384)),
        (measures.MemorySize, "512m", Size(512 * 1024**2)),
        (measures.Rate, "10/s", Rate(10, seconds=1)),
        (measures.Rate, "30/m", Rate(30, seconds=60)),
    ],
)
def test_what_is_written_is_a_number_of_the_smallest_unit(kind: Any, written: str, amount: object) -> None:
    assert TypeAdapter(kind).validate_python(written) == amount
