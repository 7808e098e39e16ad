"""What every server gets before anything else."""

from collections.abc import Collection

from deploys.base import machine, packages

PACKAGES = ("ca-certificates", "python3")
LOOKS = (machine.LOOK, packages.LOOK)


def deploy(also: Collection[str]) -> None:
    """Install the packages that gatehouse itself and the other parts need."""
    packages.install(name="Install packages", packages=[*PACKAGES, *also])
