"""What the labs of one host share: who uses which subnet and images, and the settings of its kernel."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

from tests.lab import network
from tests.lab.layout import Layout
from tests.lab.locks import held
from tests.lab.subnets import Subnet, choose

FOLDER = Path("/run/gatehouse-lab")
KERNEL = {
    Path("/proc/sys/net/ipv4/ip_forward"): 1,
    # Each server's systemd has several, and the usual 128 are those of all servers together.
    Path("/proc/sys/fs/inotify/max_user_instances"): 4096,
}
"""What servers need at least; the former values are kept in the folder while there are labs."""

BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class Claim:
    """One lab's entry."""

    state: str
    boot: str
    ipv4: str
    ipv6: str
    images: list[str]

    @property
    def subnet(self) -> Subnet:
        return Subnet(IPv4Network(self.ipv4), IPv6Network(self.ipv6))


@contextmanager
def locked() -> Iterator[None]:
    """Keep other labs from claiming anything meanwhile."""
    with held(FOLDER / "lock", what="another lab on this host"):
        yield


def read(layout: Layout) -> Claim | None:
    return _read(_file(layout))


def claim(layout: Layout) -> Subnet:
    """This lab's subnet: the one it has, or a free one from now on; the kernel is ready afterwards."""
    with locked():
        mine = read(layout)
        if mine is None:
            taken = [other.subnet.ipv4 for other in _others(layout)]
            subnet = choose(layout.id, [*taken, *network.routed(but=layout.bridge)])
            mine = Claim(str(layout.state), _boot(), str(subnet.ipv4), str(subnet.ipv6), [])
            _write(layout, mine)
        _prepare_kernel()
        return mine.subnet


def use_image(layout: Layout, image: Path) -> None:
    """Keep a cached image from being removed by another lab."""
    with locked():
        mine = read(layout)
        if mine is not None and str(image) not in mine.images:
            _write(layout, replace(mine, images=[*mine.images, str(image)]))


def images_of_others(layout: Layout) -> dict[str, str]:
    """Image -> the state directory of a lab that uses it."""
    return {image: other.state for other in _others(layout) for image in other.images}


def labs() -> set[str]:
    """The ids of the labs that claim anything."""
    return {file.stem for file in FOLDER.glob("*.json")}


def release(layout: Layout) -> None:
    """Give the subnet back; the last lab leaves the host as the first one found it."""
    with locked():
        _file(layout).unlink(missing_ok=True)
        if _others(layout):
            return
        for setting in KERNEL:
            former = FOLDER / setting.name
            if former.exists():
                setting.write_text(former.read_text())
                former.unlink()
        network.tidy_namespaces()


def _prepare_kernel() -> None:
    for setting, least in KERNEL.items():
        former = setting.read_text()
        if int(former) < least:
            (FOLDER / setting.name).write_text(former)
            setting.write_text(f"{least}\n")


def _others(layout: Layout) -> list[Claim]:
    """The other labs; entries of labs that are gone, or from before the last boot, are dropped."""
    found = []
    for file in FOLDER.glob("*.json"):
        entry = _read(file)
        if entry is None or not Path(entry.state).exists():
            file.unlink()
        elif file != _file(layout):
            found.append(entry)
    return found


def _read(file: Path) -> Claim | None:
    try:
        entry = Claim(**json.loads(file.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return entry if entry.boot == _boot() else None


def _write(layout: Layout, entry: Claim) -> None:
    draft = _file(layout).with_suffix(".new")
    draft.write_text(json.dumps(vars(entry)))
    draft.rename(_file(layout))


def _file(layout: Layout) -> Path:
    return FOLDER / f"{layout.id}.json"


def _boot() -> str:
    return BOOT.read_text().strip()
