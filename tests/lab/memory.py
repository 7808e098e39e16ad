"""How much memory a server and its units have taken, and a limit to all of it, as the kernel counts it."""

from dataclasses import dataclass
from pathlib import Path

from tests.lab import limits
from tests.lab.cgroups import server_group
from tests.lab.server import Server


@dataclass(frozen=True)
class Memory:
    """The control group that a server is in, by the names that its hierarchy has for things."""

    group: Path
    limit: str
    taken: str
    kills: str

    @classmethod
    def of(cls, server: Server) -> "Memory":
        """Find it, for a server that was booted with `limits`."""
        group = server_group(server.layout.id, server.name).child("machine")
        if limits.is_old():
            return cls(
                limits.twin_of(group, "memory"), "memory.limit_in_bytes", "total_rss", "memory.oom_control"
            )
        return cls(group.path, "memory.max", "anon", "memory.events")

    def hold(self, most: int) -> None:
        """Hold the whole server to so many bytes."""
        (self.group / self.limit).write_text(str(most))

    def bytes_of(self, unit: str = "") -> int:
        """Count what the server, or one unit, has taken, without what the cache has of files."""
        folders = self.group.rglob(unit) if unit else [self.group]
        return sum(_value(folder / "memory.stat", self.taken) for folder in folders)

    def killed(self) -> int:
        """Count the processes that were killed for want of memory."""
        return sum(
            _value(folder / self.kills, "oom_kill") for folder in (self.group, *self.group.rglob("*/"))
        )


def _value(file: Path, key: str) -> int:
    """Read a number from a file of keys and numbers, none where the group has gone meanwhile."""
    try:
        lines = [line.split() for line in file.read_text().splitlines()]
        return next(int(value) for name, value in lines if name == key)
    except (OSError, StopIteration):
        return 0
