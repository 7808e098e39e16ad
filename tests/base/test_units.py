"""Which units run that should not, now or after the next reboot."""

import pytest

from deploys.base.units import strays


@pytest.mark.parametrize(
    ("active", "enabled", "expected"),
    [
        ("active", "enabled", True),
        ("active", "disabled", True),
        # It would run beside the other after the next reboot.
        ("inactive", "enabled", True),
        ("inactive", "enabled-runtime", True),
        ("inactive", "disabled", False),
        ("inactive", "masked", False),
        ("inactive", "", False),
    ],
)
def test_a_timer_that_renews_beside_the_chosen_one(active: str, enabled: str, *, expected: bool) -> None:
    timer = {"LoadState": "loaded", "ActiveState": active, "UnitFileState": enabled}
    timers = {"certbot.timer": timer, "gatehouse-certbot.timer": timer}
    assert strays(["certbot.timer"], timers) == (["certbot.timer"] if expected else [])


def test_a_unit_that_nobody_could_ask_about_is_no_stray() -> None:
    assert strays(["certbot.timer"], {}) == []
