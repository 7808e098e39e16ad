"""Configurations of Caddy, rendered from settings that other proxies have, too."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from deploys.load import server_from
from deploys.proxies.caddy.config import config
from deploys.proxies.caddy.lacks import LACKS
from deploys.routing import routing
from tests.conformance.settings import able

PROGRAM = {"proxy": "caddy", "proxy_program": {"version": "2.11.7", "checksum": "0" * 64}}
ROUTES = [{"match": [{"path": ["/status"]}], "handle": [{"handler": "static_response", "body": "fine"}]}]


class Texts(dict[str, str]):
    """The user's own files, whichever they are."""

    def __missing__(self, path: str) -> str:
        return json.dumps(ROUTES)


def fit(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Give settings without what Caddy refuses."""
    return able({**deepcopy(dict(settings)), **PROGRAM}, LACKS)


def rendered(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Render the configuration for settings, without what Caddy refuses."""
    return config(routing(server_from(fit(settings))), Texts())
