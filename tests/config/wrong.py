"""Settings that are wrong, written as in group data, and the lines that users get for them."""

import copy
import datetime
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from deploys.load import server_from
from deploys.refusal import Refusal

TABLE = Path(__file__).parent / "wrong_settings.txt"

SMALLEST: dict[str, Any] = {
    "acme": {"email": "ops@example.com"},
    "apps": {"shop": {"source": "../shop", "asgi": "shop.main:app"}},
    "sites": {"www.example.com": {"routes": {"/": {"app": "shop"}}}},
}


class Wrong(NamedTuple):
    """A change of the smallest settings, and all lines of its refusal."""

    change: str
    lines: list[str]


def table() -> list[Wrong]:
    """Read the table: changes after `>>> `, the lines beneath."""
    found: list[Wrong] = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith(">>> "):
            found.append(Wrong(line.removeprefix(">>> "), []))
        elif line and not line.startswith("#"):
            found[-1].lines.append(line)
    return found


def changed(change: str) -> dict[str, Any]:
    """Run a change on the smallest settings; `shop` and `www` stand for the app and the site in them.

    `public` and `balancer` are what an app and `edge` have where there is no proxy.
    """
    settings = copy.deepcopy(SMALLEST)
    shorthand: dict[str, Any] = {
        "shop": settings["apps"]["shop"],
        "www": settings["sites"]["www.example.com"],
        "Path": Path,
        "Decimal": Decimal,
        "datetime": datetime,
        "ip_network": ip_network,
        "public": {"name": "www.example.com", "port": 8000},
        "balancer": {"addresses": ["10.0.1.0/24"]},
        **{function.__name__: function for function in (main, make_sites, migrate)},
    }
    exec(change, shorthand | settings, settings := dict(settings))  # noqa: S102  # the table's own
    return settings


def main() -> None: ...
def make_sites() -> None: ...
def migrate() -> None: ...


def refused(settings: dict[str, Any]) -> list[str]:
    """Give the lines with which settings are refused, without the one above them; none where they pass."""
    try:
        server_from(settings)
    except Refusal as refusal:
        first, *lines = str(refusal).splitlines()
        assert first == "settings refused, nothing was changed"
        return lines
    return []
