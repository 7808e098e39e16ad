"""What a certificate needs next, and the reason in words."""

from typing import Any

import pytest

from deploys.certificates.paths import Lineage
from deploys.certificates.plan import DAY, Step, is_due, step
from deploys.certificates.wanted import Wanted

NOW = 1_800_000_000
CA = "https://ca.example/dir"
WANTED = Wanted(Lineage("a.test", ("a.test", "www.a.test")), CA)


def certificate(**changed: Any) -> dict[str, Any]:
    usual = {
        "names": ["a.test", "www.a.test"],
        "key_type": "ecdsa",
        "not_before": NOW - 10 * DAY,
        "not_after": NOW + 80 * DAY,
        "fingerprint": "f",
    }
    return usual | changed


def found(**changed: Any) -> dict[str, Any]:
    usual = {
        "leads_to": "/etc/letsencrypt/live/a.test",
        "live": certificate(),
        "renewal": {"server": CA, "authenticator": "webroot"},
        "wire": "f",
    }
    return usual | changed


@pytest.mark.parametrize(
    ("there", "expected"),
    [
        (None, Step("issue", "none yet")),
        (found(live=None), Step("issue", "the one that was there is damaged")),
        (found(live=None, renewal={}), Step("issue", "none yet")),
        (found(renewal={}), Step("issue", "certbot's record of it is lost")),
        (found(), None),
        (found(wire=None), None),
        (
            found(live=certificate(names=["a.test"])),
            Step("issue again", "names changed: +www.a.test", frozenset({"a.test"})),
        ),
        (
            found(live=certificate(names=["a.test", "b.test", "www.a.test"])),
            Step("issue again", "names changed: -b.test", frozenset({"a.test", "b.test", "www.a.test"})),
        ),
        (
            found(live=certificate(names=["a.test", "b.test"], key_type="rsa")),
            Step("issue again", "names changed: +www.a.test -b.test; key type changed: rsa -> ecdsa"),
        ),
        (
            found(renewal={"server": "https://staging.example/dir", "authenticator": "webroot"}),
            Step("issue again", f"CA changed: https://staging.example/dir -> {CA}"),
        ),
        (found(renewal={"authenticator": "webroot"}), Step("issue again", f"CA changed: unknown -> {CA}")),
        (found(live=certificate(not_after=NOW + 4 * DAY)), Step("renew", "ends in 4 days")),
        (found(live=certificate(not_after=NOW + 25 * 3600)), Step("renew", "ends in 25 hours")),
        (found(live=certificate(not_after=NOW - 3 * DAY)), Step("renew", "ended 3 days ago")),
        (found(leads_to="/var/lib/x"), Step("serve", "issued, but not in use yet")),
        (found(wire="other"), Step("serve", "the proxy still serves another one")),
    ],
)
def test_a_step_and_its_reason(there: dict[str, Any] | None, expected: Step | None) -> None:
    assert step(WANTED, there, NOW) == expected


@pytest.mark.parametrize(
    ("lifetime", "last_hour"),
    [(90 * 24, 30 * 24), (64 * 24, 512), (45 * 24, 15 * 24), (10 * 24, 80), (160, 80), (24, 12)],
)
def test_any_lifetime_leaves_time_to_renew(lifetime: int, last_hour: int) -> None:
    """A third of it; half of one that is shorter than ten days."""
    end = NOW + lifetime * 3600
    young = {"not_before": NOW, "not_after": end}
    assert not is_due(young, end - last_hour * 3600)
    assert is_due(young, end - last_hour * 3600 + 1)
