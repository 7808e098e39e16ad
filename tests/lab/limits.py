"""Units held to MemoryMax=, TasksMax= and CPUQuota= in a server, though the host has cgroup v1's controllers.

Such a server boots on that hierarchy, too, in groups of the lab's own. Debian 12 is the last release whose
systemd can. Where the host has the unified hierarchy, every server holds its units to their limits anyway.
"""

from contextlib import suppress
from pathlib import Path

from tests.lab.cgroups import TOP, Group

HIERARCHIES = Path("/sys/fs/cgroup")
CONTROLLERS = ("memory", "cpu", "cpuacct", "pids")

# nspawn leaves them read-only; systemd looks once which ones it can use.
TAKE = f"""
for controller in {" ".join(CONTROLLERS)}; do
    if mountpoint -q /sys/fs/cgroup/$controller; then mount -o remount,rw,bind /sys/fs/cgroup/$controller; fi
done
systemctl daemon-reexec
"""


def is_old() -> bool:
    """Say whether the host has the controllers in the old hierarchy."""
    return (HIERARCHIES / "memory").is_dir()


def boot_environment(group: Group) -> dict[str, str]:
    """What `enter.sh` must know to boot a server so; nothing where the host's hierarchy does by itself."""
    if not is_old():
        return {}
    return {"LIMITS": " ".join(str(twin_of(group, controller)) for controller in CONTROLLERS)}


def remove(group: Group) -> None:
    """Remove what the old hierarchy has of a group whose processes have ended."""
    for hierarchy in (*CONTROLLERS, "systemd"):  # the latter is nspawn's own doing
        twin = twin_of(group, hierarchy)
        below = sorted(twin.rglob("*/"), key=lambda path: len(path.parts), reverse=True)
        above = [folder for folder in twin.parents if TOP in folder.parts]
        for folder in (*below, twin, *above):
            with suppress(OSError):  # it is not there, or something else of a lab is in it
                folder.rmdir()


def twin_of(group: Group, hierarchy: str) -> Path:
    """Give the group of the same name in a hierarchy of the old kind."""
    return HIERARCHIES / hierarchy / Path(*group.path.parts[group.path.parts.index(TOP) :])
