"""What users may say, and what they are told when they may not."""

from typing import Any

import pytest

from deploys.load import server_from
from tests.config.wrong import SMALLEST, refused


def changed(path: str, value: Any) -> dict[str, Any]:
    """Copy the smallest settings with one value set; `path` is written with `|` between its keys."""

    def put(data: Any, keys: list[str]) -> Any:
        return value if not keys else {**(data or {}), keys[0]: put((data or {}).get(keys[0]), keys[1:])}

    settings = put(SMALLEST, path.split("|"))
    assert isinstance(settings, dict)
    return settings


def test_a_domain_an_email_and_an_app_are_enough() -> None:
    server = server_from(SMALLEST)
    assert server.acme.directory_url == "https://acme-v02.api.letsencrypt.org/directory"
    assert server.proxy == "nginx"
    assert server.apps["shop"].workers == 1


def test_data_that_is_not_ours_is_left_alone() -> None:
    assert server_from({**SMALLEST, "ssh_user": "root", "_sudo": True}) == server_from(SMALLEST)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("alerts", "https://hooks.example.com/SECRET"),
        ("alerts|webhook", "https://hooks.example.com/SECRET"),
        ("alerts|webhok", {"url": "https://hooks.example.com/SECRET"}),
        ("alerts|webhook", {"url": "https://hooks.example.com/SECRET", "format": "x"}),
        ("acme|eab", "SECRET"),
        ("acme|ebb", {"hmac_key": "SECRET"}),
        ("acme|dns", {"credentials": {"token": "SECRET"}}),
        ("acme|dns", {"plugin": "x", "credentials": "SECRET"}),
        ("apps|shop|secrets", ["SECRET"]),
        ("apps|shop|secret", {"TOKEN": "SECRET"}),
        ("apps|shop|secrets", {"TOKEN": "SECRET"}),
        ("apps|shop|env", ["TOKEN=SECRET"]),
        ("apps|shop|envs", {"TOKEN": "SECRET"}),
    ],
)
def test_no_refusal_shows_a_secret(path: str, value: Any) -> None:
    for line in refused(changed(path, value)):
        assert "SECRET" not in line
