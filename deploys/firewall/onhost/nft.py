"""On the host: nftables, and the units that load an app's rules."""

from deploys.onhost import run

PROGRAM = "/usr/sbin/nft"


def attempt(*arguments: str, stdin: str = "") -> "run.Done[str]":
    """Call nft, and keep how it ended and what it said."""
    return run.attempt(PROGRAM, *arguments, stdin=stdin)


def unit_of(app: str) -> str:
    """Name the unit that loads an app's rules."""
    return f"gatehouse-firewall@{app}.service"


def table_of(app: str) -> str:
    """Name an app's table; nftables takes no hyphen, and no app's name has an underscore."""
    return f"gatehouse_app_{app.replace('-', '_')}"


def table_of_gate(port: int) -> str:
    """Name the table that is there while a port of an app's is closed to everybody."""
    return f"gatehouse_port_{port}"
