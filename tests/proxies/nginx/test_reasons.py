"""Whatever makes a run change something is named by a dry run with --diff."""

from typing import Any

import pytest

from deploys.proxies.nginx.operations import reasons

AS_WANTED: dict[str, Any] = {
    "digest": "77",
    "running": True,
    "enabled": True,
    "debians_site": False,
    "groups_of_apps": [],
    "others_read": True,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"digest": "66"}, []),
        ({"digest": "66", "running": False}, []),
        ({"running": False}, ["have nginx read the configuration, which it does not run yet"]),
        ({"others_read": False}, ["have nginx read what has changed in the configuration of others"]),
        ({"enabled": False}, ["have systemd start nginx at boot"]),
        ({"debians_site": True}, ["remove /etc/nginx/sites-enabled/default, Debian's example"]),
        ({"groups_of_apps": ["app-blog", "app-shop"]}, ["take www-data out of app-blog, app-shop"]),
    ],
)
def test_each_is_one_line(changes: dict[str, Any], words: list[str]) -> None:
    assert list(reasons({**AS_WANTED, **changes}, "77")) == words


def test_a_bare_machine_needs_no_reasons() -> None:
    assert list(reasons({}, "77")) == []
