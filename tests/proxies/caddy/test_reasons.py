"""What a run says that it will do with Caddy, beside writing its configuration."""

from typing import Any

import pytest

from deploys.base.files import File
from deploys.proxies.caddy.beside import beside, digest_of_unit
from deploys.proxies.caddy.onhost import places
from deploys.proxies.caddy.operations import reasons

WANTED: dict[str, Any] = {
    "digest": "3f0c1e5ab9d27a64",
    "running": True,
    "enabled": True,
    "program": "/opt/caddy",
    "unit": "ours",
    "beside": {"/etc/systemd/system/gatehouse-caddy.service": "ours"},
}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({}, []),
        ({"unit": "older"}, ["restart Caddy, as it was started by another unit file"]),
        ({"unit": "", "running": False}, ["restart Caddy, as it was started by another unit file"]),
        ({"unit": "older", "program": "/opt/older"}, ["restart Caddy, as /opt/caddy"]),
        (
            {"running": False},
            ["have Caddy read the configuration, or a certificate, which it does not serve yet"],
        ),
        ({"enabled": False}, ["have systemd start Caddy at boot"]),
        ({"beside": {}}, ["write /etc/systemd/system/gatehouse-caddy.service"]),
        ({"digest": None, "unit": ""}, []),
    ],
)
def test_what_is_different_is_told(found: dict[str, Any], told: list[str]) -> None:
    assert [*reasons(WANTED | found, WANTED)] == told


def unit(program: str) -> File:
    return next(file for file in beside(program) if file.path == str(places.UNIT_FILE))


def test_a_process_tells_by_which_unit_it_was_started() -> None:
    assert f" {places.DIGEST_OF_UNIT}={digest_of_unit('/opt/caddy')}\n" in unit("/opt/caddy").content
    assert digest_of_unit("/opt/caddy") != digest_of_unit("/opt/other")
