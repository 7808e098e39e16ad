"""Anywhere: fetch a token from each name by each address that DNS gives, as the CA will."""

import errno
import http.client
import json
import socket
import ssl
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from deploys.onhost import bounded, files, removal, run, words

_UNREACHED = {
    errno.ENETUNREACH: "no route",
    errno.EADDRNOTAVAIL: "no route",
    errno.EAFNOSUPPORT: "no route",
    errno.EHOSTUNREACH: "silent",
}
_HTTP, _HTTPS = 80, 443
_PATIENCE = 5
"""Seconds for a connection, and for an answer."""
_PATH = "/.well-known/acme-challenge/"


def main(argument: "dict[str, Any]") -> "dict[str, Any]":
    """Put the token where the proxy answers with it, and look for it from the server itself.

    Args:
        argument: `webroot`; `names`, to ask; `token`, the file's name and content.

    """
    directory = Path(argument["webroot"] + _PATH)
    files.make_directory(directory)
    for stale in directory.glob("gatehouse-*"):
        removal.remove(stale)
    files.write(directory / argument["token"], argument["token"])
    return {"own": _own_addresses(), "seen": look(argument["names"], argument["token"])}


def _own_addresses() -> "list[str]":
    links = json.loads(run.attempt("/usr/bin/ip", "-j", "addr").stdout or "[]")
    found = [info["local"] for link in links for info in link.get("addr_info", []) if "local" in info]
    return [one for one in found if not ip_address(one).is_loopback and not ip_address(one).is_link_local]


def look(names: "list[str]", token: str) -> "dict[str, dict[str, str]]":
    """Tell for each name, and each of its addresses, what came of fetching the token from there.

    That is `ok`, `no route` (from here), `refused`, `silent`, or what was answered instead.
    """
    wanted = [(name, address) for name in names for address in _resolve(name)]
    with ThreadPoolExecutor(max_workers=16) as pool:
        outcomes = list(pool.map(lambda one: fetched(one[0], one[1], token), wanted))
    seen: dict[str, dict[str, str]] = {name: {} for name in names}
    for (name, address), outcome in zip(wanted, outcomes, strict=True):
        seen[name][address] = outcome
    return seen


def _resolve(name: str) -> "list[str]":
    try:
        found = socket.getaddrinfo(name, 80, type=socket.SOCK_STREAM)
    except OSError:
        return []
    addresses = {str(where[0]).partition("%")[0] for *_, where in found}
    # What /etc/hosts says of the server's own name, the CA does not see.
    return sorted(address for address in addresses if not ip_address(address).is_loopback)


def fetched(name: str, address: str, token: str) -> str:
    """Tell what came of fetching the token from one address, in words that are fit to be shown."""
    try:
        return _fetch(name, address, token)
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "silent"
    except OSError as error:
        return _UNREACHED.get(error.errno or 0, f"fails ({words.cited(str(error))})")
    except (ValueError, http.client.InvalidURL):
        return "a redirect to what is no URL"
    except http.client.HTTPException as error:
        return f"no HTTP ({type(error).__name__})"


def _fetch(name: str, address: str, token: str) -> str:
    host, path = f"[{name}]" if ":" in name else name, _PATH + token
    answer, body = _get(http.client.HTTPConnection(address, _HTTP, timeout=_PATIENCE), host, path)
    if answer.status == 200:
        return "ok" if body.strip() == token.encode() else "status 200 with something else"
    target = urllib.parse.urlsplit(answer.headers.get("Location", ""))
    if answer.status in {301, 302, 303, 307, 308} and target.scheme == "https" and target.hostname == name:
        # The CA follows such a redirect, and verifies nothing there either (RFC 8555, section 8.3).
        answer, body = _get(_unverified(address, name), host, target.path)
        if answer.status == 200 and body.strip() == token.encode():
            return "ok"
    return f"status {answer.status}" + (f" to {words.shown(target.geturl())}" if target.netloc else "")


def _get(
    connection: http.client.HTTPConnection, host: str, path: str
) -> "tuple[http.client.HTTPResponse, bytes]":
    try:
        connection.request("GET", path, headers={"Host": host, "User-Agent": "gatehouse"})
        answer = bounded.answer(connection, _PATIENCE)
        return answer, answer.read(4096)
    finally:
        connection.close()


def _unverified(address: str, name: str) -> http.client.HTTPConnection:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    connection = http.client.HTTPConnection(address, _HTTPS, timeout=_PATIENCE)
    connection.connect()
    connection.sock = context.wrap_socket(connection.sock, server_hostname=name)
    return connection
