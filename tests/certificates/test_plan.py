"""What a certificate needs next, and the reason in words."""

from typing import Any

import pytest

from deploys.certificates import certbot, controller
from deploys.certificates.plan import DAY, Step, is_due, step
from deploys.certificates.wanted import Wanted, wanted
from deploys.load import server_from
from deploys.places.certificates import Lineage

NOW = 1_800_000_000
CA = "https://ca.example/dir"
WANTED = Wanted(Lineage("a.test", ("a.test", "www.a.test")), CA)


RENEWAL = {"server": CA, "authenticator": "webroot", "webroot_path": "/var/lib/gatehouse/acme"}
BOTH = frozenset({"a.test", "www.a.test"})


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
        "renewal": RENEWAL,
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
            Step("issue again", "names changed: +www.a.test", frozenset({"a.test"}), only_names=True),
        ),
        (
            found(live=certificate(names=["a.test", "b.test", "www.a.test"])),
            Step("issue again", "names changed: -b.test", BOTH, only_names=True),
        ),
        (
            found(live=certificate(names=["a.test", "b.test"], key_type="rsa")),
            Step(
                "issue again",
                "names changed: +www.a.test -b.test; key type changed: rsa -> ecdsa",
                frozenset({"a.test"}),
            ),
        ),
        (
            found(renewal={**RENEWAL, "server": "https://staging.example/dir"}),
            Step("issue again", f"CA changed: https://staging.example/dir -> {CA}"),
        ),
        (
            found(renewal={**RENEWAL, "webroot_path": "/var/www/html"}),
            Step("issue again", "webroot changed: /var/www/html -> /var/lib/gatehouse/acme", BOTH),
        ),
        (
            found(renewal={**RENEWAL, "autorenew": "False"}),
            Step("serve", "its renewal is switched off"),
        ),
        (
            found(live=certificate(not_after=NOW + 29 * DAY, not_before=NOW - 61 * DAY)),
            Step("renew", "ends in 29 days", BOTH),
        ),
        (found(live=certificate(not_after=NOW + 4 * DAY)), Step("renew", "ends in 4 days", BOTH)),
        (found(live=certificate(not_after=NOW + 25 * 3600)), Step("renew", "ends in 25 hours")),
        (found(live=certificate(not_after=NOW - 3 * DAY)), Step("renew", "ended 3 days ago")),
        (found(leads_to="/var/lib/x"), Step("serve", "issued, but not in use yet")),
        (found(wire="other"), Step("serve", "the proxy still serves another one")),
        (
            found(wire="other", live=certificate(names=["a.test"])),
            Step("issue again", "names changed: +www.a.test", frozenset({"a.test"}), True, unserved=True),
        ),
        (
            found(wire="other", live=certificate(not_after=NOW + 25 * 3600)),
            Step("renew", "ends in 25 hours", unserved=True),
        ),
        # What is in use instead may be better than one that is to be issued again.
        (
            found(leads_to="/var/lib/x", live=certificate(not_after=NOW - 3 * DAY)),
            Step("renew", "ended 3 days ago"),
        ),
    ],
)
def test_a_step_and_its_reason(there: dict[str, Any] | None, expected: Step | None) -> None:
    assert step(WANTED, there, NOW) == expected


@pytest.mark.parametrize(
    ("covered", "only_names", "proven", "worth"),
    [
        ([], False, ["a.test"], True),
        ([], False, [], False),
        # The others need not wait for a name that never had a certificate.
        (["a.test"], True, ["a.test", "www.a.test"], True),
        (["a.test"], True, ["a.test"], False),
        # One that has a certificate does not lose it.
        (["a.test", "www.a.test"], True, ["a.test", "new.a.test"], False),
        (["a.test", "www.a.test"], False, ["a.test"], False),
        (["a.test", "www.a.test"], False, ["a.test", "www.a.test", "new.a.test"], True),
    ],
)
def test_what_a_certificate_for_some_names_is_worth(
    covered: list[str], only_names: bool, proven: list[str], worth: bool
) -> None:
    one = Step("issue again", "x", frozenset(covered), only_names=only_names)
    assert one.is_worth(proven) == worth


DNS = Wanted(WANTED.lineage, CA, authenticator="dns-x", dns="1a")


@pytest.mark.parametrize(
    ("renewal", "reason"),
    [
        ({"authenticator": "dns-x", "gatehouse_dns": "1a"}, None),
        ({"authenticator": "dns-x", "gatehouse_dns": "2b"}, "DNS settings changed"),
        ({"authenticator": "dns-x"}, "DNS settings changed"),
        ({"authenticator": "manual", "gatehouse_dns": "1a"}, "challenge changed: manual -> dns-x"),
    ],
)
def test_changed_dns_settings(renewal: dict[str, str], reason: str | None) -> None:
    there = found(renewal={"server": CA, **renewal})
    assert step(DNS, there, NOW) == (Step("issue again", reason, BOTH) if reason else None)


def test_dns_settings_count_where_dns_proves_the_names() -> None:
    dns: dict[str, Any] = {"plugin": "x", "credentials": {"token": "a"}}

    def digests(dns: dict[str, Any]) -> tuple[str | None, ...]:
        site = {"routes": {"/": {"redirect": "https://example.com"}}}
        server = server_from(
            {
                "acme": {"email": "ops@example.com", "dns": dns},
                "sites": {"a.test": site, "b.test": {**site, "certificate": {"challenge": "dns"}}},
            }
        )
        text = controller.dns_text(server.acme)
        return tuple(certbot.with_dns(one, server.acme, text).dns for one in wanted(server))

    first = digests(dns)
    assert first[0] is None
    assert digests(dns) == first
    others = [dns | {"propagation": 1}, dns | {"credentials": {"token": "b"}}, {"plugin": "x"}]
    assert len({digests(other)[1] for other in [dns, *others]}) == 4


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
