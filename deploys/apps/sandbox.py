"""The sandbox that an app runs in (systemd.exec(5)). Pure."""

from collections.abc import Iterable, Mapping

PROTECTIONS: Mapping[str, tuple[str, ...]] = {
    "CapabilityBoundingSet": ("",),
    "NoNewPrivileges": ("yes",),
    "PrivateDevices": ("yes",),
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
    "SystemCallFilter": ("@system-service", "~@privileged @resources"),
    "SystemCallErrorNumber": ("EPERM",),
}


def protections(loosen: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """List the protections but for those that the app cannot live with."""
    return [(name, values) for name, values in PROTECTIONS.items() if name not in set(loosen)]
