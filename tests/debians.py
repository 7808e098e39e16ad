"""Which tests are put to which Debian."""

import pytest

OLDEST = "12"
"""Its systemd, nftables and podman know the least."""
BOTH = ("13", pytest.param(OLDEST, marks=pytest.mark.slow))
"""For a fixture: the newest Debian, and for `make test-all` the oldest one, too."""


def left_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """List the tests that are for the newest Debian alone, and would run on the oldest."""
    return [item for item in items if item.get_closest_marker("newest") and _is_on_the_oldest(item)]


def _is_on_the_oldest(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    params: dict[str, object] = callspec.params if callspec else {}
    return any(OLDEST in (value if isinstance(value, tuple) else (value,)) for value in params.values())
