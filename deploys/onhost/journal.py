"""On the host: the last words of a unit, as journald has them."""

from contextlib import suppress

from deploys.onhost import run

PROGRAM = "/usr/bin/journalctl"
_PATIENCE = 10
"""Seconds for journald to take what has been written: it comes to no end while anybody writes on and on."""


def last(unit: str, most: int, *, since: "float | None" = None, of_systemd: bool = False) -> str:
    """Give the last lines that a unit has written, which may be more than there is memory.

    Args:
        unit: its name.
        most: how many lines.
        since: the time from which they count.
        of_systemd: whether what systemd says of the unit is among them.

    """
    # journald may still be reading what a process wrote last.
    with suppress(TimeoutError):
        run.attempt(PROGRAM, "--sync", timeout=_PATIENCE)
    query = (
        # Backwards, as --lines means the first ones where there is a --since, before systemd 254.
        *("--quiet", "--output=cat", "--reverse", f"--lines={most}"),
        *((f"--since=@{since:.3f}",) if since is not None else ()),
        # Not by the invocation: of a unit that has ended journald may not find it any more.
        f"--unit={unit}" if of_systemd else f"_SYSTEMD_UNIT={unit}",
    )
    # At line feeds alone: a line of a stranger's may have what else ends lines to Python.
    return "\n".join(reversed(run.attempt(PROGRAM, *query).stdout.rstrip("\n").split("\n")))
