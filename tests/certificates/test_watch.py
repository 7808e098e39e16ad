"""When the watch complains of a certificate's age: never of one that certbot is about to renew."""

import pytest

from deploys.certificates.onhost.watch import too_old
from deploys.certificates.plan import DAY, is_due

HOUR = 3600
NOW = 1_800_000_000


def certificate(lifetime: int, left: int) -> dict[str, int]:
    return {"not_before": NOW + left - lifetime, "not_after": NOW + left}


@pytest.mark.parametrize(
    ("lifetime", "left", "renewed", "expected"),
    [
        (90 * DAY, 60 * DAY, True, []),
        (90 * DAY, 29 * DAY + HOUR, True, []),
        (90 * DAY, 28 * DAY, True, ["a: the certificate ends in 28 days, and was not renewed"]),
        (64 * DAY, 21 * DAY, True, []),
        (64 * DAY, 20 * DAY, True, ["a: the certificate ends in 20 days, and was not renewed"]),
        (45 * DAY, 14 * DAY + HOUR, True, []),
        (45 * DAY, 13 * DAY, True, ["a: the certificate ends in 13 days, and was not renewed"]),
        (160 * HOUR, 54 * HOUR, True, []),
        (160 * HOUR, 47 * HOUR, True, ["a: the certificate ends in 47 hours, and was not renewed"]),
        (90 * DAY, -2 * DAY, True, ["a: the certificate ended 2 days ago"]),
        (365 * DAY, 31 * DAY, False, []),
        (365 * DAY, 29 * DAY, False, ["a: the certificate ends in 29 days, bring a new one"]),
        (30 * DAY, 9 * DAY, False, ["a: the certificate ends in 9 days, bring a new one"]),
    ],
)
def test_age(lifetime: int, left: int, renewed: bool, expected: list[str]) -> None:
    assert too_old("a", certificate(lifetime, left), NOW, renewed=renewed) == expected


@pytest.mark.parametrize("hours", [24 * 90, 24 * 64, 24 * 45, 24 * 10, 160, 24])
def test_certbot_has_passed_by_twice_before_the_watch_complains(hours: int) -> None:
    """Its timer passes twice a day, at most 24 hours apart; a lifetime of a day leaves less than that."""
    lifetime = hours * HOUR
    left = range(lifetime, 0, -600)
    complains = next(one for one in left if too_old("a", certificate(lifetime, one), NOW, renewed=True))
    due = next(one for one in left if is_due(certificate(lifetime, one), NOW))
    assert due - complains >= min(24 * HOUR, lifetime // 8)
