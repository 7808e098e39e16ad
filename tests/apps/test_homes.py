"""Where the homes of apps' users are, in the words of passwd(5). No server is needed."""

import pytest

from deploys.apps.onhost.homes import moved


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "app-shop:x:995:994:gatehouse app shop:/var/lib/app-shop:/usr/sbin/nologin\n",
            "app-shop:x:995:994:gatehouse app shop:/nonexistent:/usr/sbin/nologin\n",
        ),
        ("app-shop:x:995:994::/nonexistent:", "app-shop:x:995:994::/nonexistent:"),
        ("app-shopping:x:993:992::/var/lib/app-shopping:/bin/sh\n", None),
        ("root:x:0:0:app-shop:/root:/bin/bash\n", None),
        ("app-shop\n", None),
        ("+::::::\n", None),
        ("\n", None),
    ],
)
def test_only_the_users_own_line_has_another_home(line: str, expected: str | None) -> None:
    assert moved(line, "app-shop", "/nonexistent") == (line if expected is None else expected)
