from dataclasses import asdict
from typing import Any

import pytest

from deploys.base.machine import machine_from
from deploys.refusal import Refusal

BARE_13 = ["user 0", "distribution debian", "release 13", "codename trixie", "ipv6 yes"]
PROVISIONED_12 = [
    "user 0",
    "distribution debian",
    "release 12",
    "codename bookworm",
    "package nginx 1.22.1-9+deb12u2",
    "package openssl 3.0.17-1~deb12u2",
    "package certbot 2.1.0-4",
]
FORKY = ["user 0", "distribution debian", "release ", "codename forky", "package nginx 1:1.30.1-1"]

CASES: list[tuple[list[str], dict[str, Any]]] = [
    (
        BARE_13,
        {"release": "13", "openssl": (3, 5, 1), "certbot": (4, 0, 0), "ipv6": True, "proxies": {}},
    ),
    (
        PROVISIONED_12,
        {"proxies": {"nginx": (1, 22, 1)}, "openssl": (3, 0, 17), "certbot": (2, 1, 0), "ipv6": False},
    ),
    (FORKY, {"codename": "forky", "release": "", "proxies": {"nginx": (1, 30, 1)}}),
]


@pytest.mark.parametrize(("output", "expected"), CASES, ids=["bare 13", "provisioned 12", "forky"])
def test_a_machine_is_what_it_says(output: list[str], expected: dict[str, Any]) -> None:
    found = asdict(machine_from(output, "one"))
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (["user 1000", *BARE_13[1:]], "one: connected without root's rights; set ssh_user"),
        (
            ["user 0", "distribution alpine", "release 3.22"],
            "one: runs alpine 3.22; gatehouse knows debian 12",
        ),
        (["user 0", "distribution debian", "release 10"], "one: runs debian 10; gatehouse knows"),
        ([], "one: did not say what it is"),
    ],
)
def test_a_machine_that_we_cannot_use_is_refused(output: list[str], line: str) -> None:
    with pytest.raises(Refusal) as refusal:
        machine_from(output, "one")
    assert str(refusal.value).startswith(line)
