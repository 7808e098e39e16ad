"""On the host: nftables, and the units that load an app's rules."""

from deploys.onhost import run


def attempt(*arguments: str, stdin: str = "") -> "run.Done[str]":
    """Call nft, and keep how it ended and what it said."""
    return run.attempt("/usr/sbin/nft", *arguments, stdin=stdin)


def unit_of(app: str) -> str:
    """Name the unit that loads an app's rules."""
    return f"gatehouse-firewall@{app}.service"


def table_of(app: str) -> str:
    """Name an app's table; nftables takes no hyphen, and no app's name has an underscore."""
    return f"gatehouse_app_{app.replace('-', '_')}"
