"""Where a server's alerts arrive."""

from collections.abc import Iterator

import pytest

from tests.house import House
from tests.outside.endpoints import Endpoint, endpoint


@pytest.fixture
def listener(bare_house: House) -> Iterator[Endpoint]:
    """An HTTP endpoint outside the server that keeps what is posted to it."""
    with endpoint(bare_house.outside.own_address()) as found:
        yield found
