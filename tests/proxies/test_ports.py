"""Who has the proxy's ports is told with what gets them free, and the proxies' own units are nobody."""

import subprocess
import sys
from typing import Any

import pytest

from deploys.config import Server
from deploys.proxies.ports import look, taken

UNITS = ("nginx.service", "gatehouse-shop-a.*")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("80/tcp 812 nginx.service enabled 812 nginx: master process /usr/sbin/nginx", []),
        ("8000/tcp 812 gatehouse-shop-a.service enabled 800 python -m uvicorn", []),
        ("8000/tcp 812 gatehouse-shop-api.service enabled 812 python", ["gatehouse-shop-api.service"]),
        (
            "80/tcp 812 apache2.service enabled 812 /usr/sbin/apache2 -k start ",
            ["process 812 of apache2.service ('/usr/sbin/apache2 -k start'); end it: systemctl disable"],
        ),
        (
            "80/tcp 812 run-u7.service transient 812 /usr/bin/python3 -m http.server",
            ["process 812 of run-u7.service ('/usr/bin/python3 -m http.server'); end it: systemctl stop"],
        ),
        (
            "80/tcp 812 session-3.scope transient - nginx -g x",
            ["session-3.scope ('nginx -g x'); end it: kill 812"],
        ),
        (
            "80/tcp 812 - - - python3 -m http.server 80",
            ["process 812 ('python3 -m http.server 80'); end it: kill"],
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


HOLDS = "import socket; held = socket.create_server(('127.0.0.1', 0)); print(held.getsockname()[1]); input()"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (rb"printf \"HTTP/1.0 200\r\n\r\n\"", rb"printf \"HTTP/1.0 200\r\n\r\n\""),
        (rb"a\n80/tcp 1 ssh.service enabled 1 forged", rb"a\n80/tcp 1 ssh.service enabled 1 forged"),
        (rb"the rest is gone\c of it \0101", rb"the rest is gone\c of it \0101"),
        (b"a\n80/tcp 1 b\r80/tcp \x1b[2J", b"a?80/tcp 1 b?80/tcp ?[2J"),
        (b"no text \xff\xfe", b"no text ??"),
        (b"", b""),
    ],
)
def test_what_a_command_says_is_neither_obeyed_nor_a_line(words: bytes, told: bytes) -> None:
    command = (sys.executable, "-c", HOLDS, words)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        port = holder.stdout.readline().strip()
        script = asked().replace("80/tcp 443/tcp", f"{port}/tcp")
        said = subprocess.check_output(["/bin/sh", "-c", script])
        holder.communicate()
    (line,) = said.removesuffix(b"\n").split(b"\n")
    assert line.startswith(f"{port}/tcp {holder.pid} ".encode())
    assert line.rstrip(b" ").endswith(told)
    (known,) = taken([line.decode()], UNITS)
    assert f"port {port}/tcp is taken by process {holder.pid}" in known


def asked(**site: Any) -> str:
    sites = {"a.test": {"routes": {"/": {"files": "/srv/a"}}, **site}}
    return look(Server.model_validate({"acme": {"email": "ops@gatehouse.test"}, "sites": sites})).text


def test_udp_is_looked_at_where_a_site_has_http3() -> None:
    assert "443/udp" not in asked()
    assert "443/udp" in asked(http3=True)
