"""What every server gets before anything else."""

from collections.abc import Collection

from deploys.base import machine, packages

# dbus, by which systemd-run waits for what leaves the sandbox of whoever has asked for it.
PACKAGES = ("ca-certificates", "dbus", "python3")
LOOKS = (machine.LOOK, packages.LOOK)


def deploy(also: Collection[str]) -> None:
    """Install the packages that gatehouse itself and the other parts need."""
    packages.install(name="Install packages", packages=[*PACKAGES, *also])
