"""Processes are kept in control groups of the lab's own: found and ended whole, without guessing by id."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.waiting import until

TOP = "gatehouse-lab"


@dataclass(frozen=True)
class Group:
    path: Path

    def child(self, name: str) -> "Group":
        return Group(self.path / name)

    def make(self) -> "Group":
        self.path.mkdir(parents=True, exist_ok=True)
        for parent in reversed([p for p in self.path.parents if TOP in p.parts]):
            self._delegate(parent)
        return self

    @staticmethod
    def _delegate(parent: Path) -> None:
        """Pass every controller on: MemoryMax= works in a server where the host's hierarchy has it."""
        for controller in (parent / "cgroup.controllers").read_text().split():
            with suppress(OSError):
                (parent / "cgroup.subtree_control").write_text(f"+{controller}")

    @property
    def populated(self) -> bool:
        try:
            return "populated 1" in (self.path / "cgroup.events").read_text()
        except OSError:
            return False

    def processes(self) -> list[int]:
        try:
            return [int(line) for line in (self.path / "cgroup.procs").read_text().split()]
        except OSError:
            return []

    def kill(self) -> None:
        """End every process in the group and below, at once, and wait until they are gone."""
        with suppress(FileNotFoundError):
            (self.path / "cgroup.kill").write_text("1")
        until(lambda: not self.populated, within=30, otherwise=f"{self.path}: processes do not end")

    def remove(self) -> None:
        self.kill()
        for folder in sorted(self.path.rglob("*/"), key=lambda p: len(p.parts), reverse=True):
            folder.rmdir()
        with suppress(FileNotFoundError):
            self.path.rmdir()
        with suppress(OSError):  # not empty: another lab is there
            next(p for p in self.path.parents if p.name == TOP).rmdir()


def lab_group(lab: str) -> Group:
    return Group(_mount_point() / TOP / lab)


def server_group(lab: str, name: str) -> Group:
    return lab_group(lab).child("servers").child(name)


def _mount_point() -> Path:
    for line in Path("/proc/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split()
        if kind == "cgroup2":
            return Path(where)
    msg = "no cgroup2 hierarchy is mounted: mount -t cgroup2 none /sys/fs/cgroup/unified"
    raise LabError(msg)
