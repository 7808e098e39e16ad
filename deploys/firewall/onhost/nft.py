"""On the host: nftables, and the units that load an app's rules."""

import os
import re

from deploys.onhost import run

PROGRAM = "/usr/sbin/nft"
_MARK = re.compile(r'comment "(gatehouse [0-9a-f]{12})"')
_WANTS = "/etc/systemd/system/sysinit.target.wants"
"""Who loads rules at boot, before there is a network."""


def attempt(*arguments: str, stdin: str = "") -> "run.Done[str]":
    """Call nft, and keep how it ended and what it said."""
    return run.attempt(PROGRAM, *arguments, stdin=stdin)


def marks(rules: str) -> "list[str]":
    """Give the marks by which rules are known, as we write them and as nftables does."""
    return _MARK.findall(rules)


def is_loaded_at_boot(unit: str) -> bool:
    """Say whether systemd is to start what loads rules."""
    return os.path.lexists(f"{_WANTS}/{unit}")


def unit_of(app: str) -> str:
    """Name the unit that loads an app's rules."""
    return f"gatehouse-firewall@{app}.service"


def table_of(app: str) -> str:
    """Name an app's table; nftables takes no hyphen, and no app's name has an underscore."""
    return f"gatehouse_app_{app.replace('-', '_')}"


def table_of_gate(port: int) -> str:
    """Name the table that is there while a port of an app's is closed to everybody."""
    return f"gatehouse_port_{port}"
