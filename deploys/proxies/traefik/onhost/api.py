"""On the host: what a running Traefik tells of itself."""

import http.client
import json
from typing import Any

from deploys.proxies.traefik.onhost import choices, where

_PATIENCE = 5
"""Seconds for an answer."""
_KINDS = ("routers", "middlewares", "services")


def is_running(digest: str, port: int = where.API_PORT) -> bool:
    """Say whether it runs the routing of that digest."""
    return _get(f"/api/http/middlewares/{choices.marker(digest)}@file", port) is not None


def problems(port: int) -> list[str]:
    """List what it does not take of the routing that it runs."""
    found = []
    for kind in _KINDS:
        listed: list[dict[str, Any]] = _get(f"/api/http/{kind}?per_page=100000", port) or []
        for one in listed:
            said = one.get("error") or one.get("err") or []
            if one.get("status", "enabled") != "enabled" or said:
                why = said if isinstance(said, str) else "; ".join(map(str, said))
                found.append(f"{kind[:-1]} {one['name']}: {why or one['status']}")
    return found


def _get(path: str, port: int) -> Any:
    """Ask for something; None where it is not there, or nobody answers."""
    connection = http.client.HTTPConnection(where.LOOPBACK, port, timeout=_PATIENCE)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        connection.close()
