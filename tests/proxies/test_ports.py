"""Who has the proxy's ports is told with what gets them free, and the proxies' own units are nobody."""

from typing import Any

import pytest

from deploys.config import Server
from deploys.proxies.ports import look, taken

UNITS = ("nginx.service",)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("80/tcp 812 nginx.service enabled 812 nginx: master process /usr/sbin/nginx", []),
        (
            "80/tcp 812 apache2.service enabled 812 /usr/sbin/apache2 -k start ",
            ["process 812 of apache2.service (/usr/sbin/apache2 -k start); end it: systemctl disable --now"],
        ),
        (
            "80/tcp 812 run-u7.service transient 812 /usr/bin/python3 -m http.server",
            ["process 812 of run-u7.service (/usr/bin/python3 -m http.server); end it: systemctl stop"],
        ),
        (
            "80/tcp 812 session-3.scope transient - nginx -g x",
            ["session-3.scope (nginx -g x); end it: kill 812"],
        ),
        (
            "80/tcp 812 - - - python3 -m http.server 80",
            ["process 812 (python3 -m http.server 80); end it: kill"],
        ),
        (
            "80/tcp 1 old.socket enabled 0 /sbin/init ",
            ["systemd, by old.socket; end it: systemctl disable --now"],
        ),
        (
            "80/tcp 99 docker.service enabled 55 /usr/bin/docker-proxy -proto tcp -host-port 80",
            ["for a container; stop that, or publish another port of it"],
        ),
        (
            "443/udp 99 docker-0af.scope transient - caddy run",
            ["port 443/udp is taken by", "for a container; stop"],
        ),
        ("80/tcp 0 - - - ", ["port 80/tcp is taken by a process that cannot be found"]),
        ("80/tcp 7 - - - \x1b[2J\u202eevil", [r"\x1b[2J"]),
    ],
)
def test_what_is_told_of_who_has_a_port(line: str, told: list[str]) -> None:
    found = taken([line, line], UNITS)
    assert len(found) == bool(told)
    assert all(words in found[0] for words in told), found
    assert all("\x1b" not in words for words in found)


def test_udp_is_looked_at_where_a_site_has_http3() -> None:
    def asked(**site: Any) -> str:
        sites = {"a.test": {"routes": {"/": {"files": "/srv/a"}}, **site}}
        return look(Server.model_validate({"acme": {"email": "ops@gatehouse.test"}, "sites": sites})).text

    assert "443/udp" not in asked()
    assert "443/udp" in asked(http3=True)
