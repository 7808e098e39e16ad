"""What a part of the house has on a server: what is there that nobody else may have put there. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Owned:
    """Paths, units and more, by patterns as a shell has them; gone with them is all that a part has."""

    paths: tuple[str, ...] = ()
    """Files, and directories with all that is below them."""
    units: tuple[str, ...] = ()
    """What runs, or would after a reboot."""
    packaged: tuple[str, ...] = ()
    """Units of packages that run by what is owned, and stop where that goes."""
    users: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    """Of nftables, in the family inet."""
    diverted: tuple[str, ...] = ()
    """Files of packages that stand aside for one of ours in the same place."""
    folders: tuple[str, ...] = ()
    """Directories that go once nobody has anything in them."""
