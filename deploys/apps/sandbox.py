"""The sandbox that an app runs in (systemd.exec(5)). Pure."""

from collections.abc import Iterable, Iterator, Mapping

from deploys.config.reach import SERVICES

_COVERED = ("/run/", "/var/run/", "/dev/shm/")  # noqa: S108  # names, nothing is made there

PROTECTIONS: Mapping[str, tuple[str, ...]] = {
    "CapabilityBoundingSet": ("",),
    "NoNewPrivileges": ("yes",),
    "PrivateDevices": ("yes",),
    "PrivateIPC": ("yes",),
    "PrivateTmp": ("yes",),
    "PrivateUsers": ("yes",),
    "ProtectSystem": ("strict",),
    "ProtectHome": ("yes",),
    "ProtectClock": ("yes",),
    "ProtectControlGroups": ("yes",),
    "ProtectHostname": ("yes",),
    "ProtectKernelLogs": ("yes",),
    "ProtectKernelModules": ("yes",),
    "ProtectKernelTunables": ("yes",),
    "ProtectProc": ("invisible",),
    "ProcSubset": ("pid",),
    "LockPersonality": ("yes",),
    "MemoryDenyWriteExecute": ("yes",),
    "RemoveIPC": ("yes",),
    "RestrictAddressFamilies": ("AF_INET AF_INET6 AF_UNIX",),
    "RestrictNamespaces": ("yes",),
    "RestrictRealtime": ("yes",),
    "RestrictSUIDSGID": ("yes",),
    "SystemCallArchitectures": ("native",),
    # What is asked of the kernel by way of io_uring(7), no filter sees: it makes sockets of any family, and
    # files that run as their owner. The older way has one number of requests for the whole machine.
    "SystemCallFilter": ("@system-service", "~@privileged @resources @keyring @aio"),
    "SystemCallErrorNumber": ("EPERM",),
}


_PLACES: tuple[tuple[str, str], ...] = (
    # The sockets of services and the directories that anyone may write to, as far as they are not asked for.
    ("TemporaryFileSystem", "/run:ro,mode=0755,nosuid,nodev,noexec"),
    ("TemporaryFileSystem", "/dev/shm:mode=1777,size=50%,nosuid,nodev,noexec"),  # noqa: S108  # its own
    ("InaccessiblePaths", "-/dev/mqueue"),
    # What anyone may read, anyone may lock, and root waits for that, or gives up: apt, and whoever logs in.
    ("InaccessiblePaths", "-/var/cache/debconf"),
    ("InaccessiblePaths", "-/var/cache/man"),
    # Whoever has its `daily_lock` keeps the machine from its updates.
    ("InaccessiblePaths", "-/var/lib/apt"),
    ("InaccessiblePaths", "-/var/lib/command-not-found"),
    ("InaccessiblePaths", "-/var/lib/lastlog"),
    ("InaccessiblePaths", "-/var/lib/PackageKit"),
    ("InaccessiblePaths", "-/var/lib/wtmpdb"),
    ("InaccessiblePaths", "-/var/log/lastlog"),
    ("InaccessiblePaths", "-/var/log/wtmp"),
    ("InaccessiblePaths", "-/var/log/wtmp.db"),
    # Where /etc/resolv.conf leads to, whoever writes it.
    ("BindReadOnlyPaths", "-/run/systemd/resolve"),
    ("BindReadOnlyPaths", "-/run/resolvconf"),
    ("BindReadOnlyPaths", "-/run/NetworkManager/resolv.conf"),
)

_NO_TERMINALS = ("InaccessiblePaths", "-/dev/pts")
"""One number of terminals is all that a machine has, and whoever logs in needs one."""


def protections(
    loosen: Iterable[str], writable: Iterable[str] = (), reach: Iterable[str] = ()
) -> list[tuple[str, tuple[str, ...]]]:
    """List the protections, but for those that the app cannot live with.

    Args:
        loosen: protections to leave out, by their names.
        writable: directories that it may write to.
        reach: what it reaches of the machine; of a service, its sockets are there as well.

    """
    loosen = {*loosen}
    kept = [(name, values) for name, values in PROTECTIONS.items() if name not in loosen]
    terminals = () if "PrivateDevices" in loosen else (_NO_TERMINALS,)
    places = (*_PLACES, *terminals, *_shared(writable), *_sockets(reach))
    return [*kept, *((name, (value,)) for name, value in places)]


def _shared(writable: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in writable:
        # What is covered is there only where it is bound.
        yield ("BindPaths" if path.startswith(_COVERED) else "ReadWritePaths"), path


def _sockets(reach: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in sorted({SERVICES[word].sockets or "" for word in reach if word in SERVICES} - {""}):
        yield "BindReadOnlyPaths", f"-{path}"
