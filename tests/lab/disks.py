"""A server's disk: an image that is never written to, under a layer of the server's own."""

import json
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.lab import keys, network
from tests.lab.layout import Layout
from tests.lab.subnets import Subnet


@dataclass(frozen=True)
class Disk:
    """What boots: the server's number on the network and its layers, the topmost first."""

    debian: str
    number: int
    layers: list[str]
    image: str | None = None
    limits: bool = False
    """Whether it must hold units to their limits: see `limits.py`."""
    room: str = ""
    """All the room that there is, like `600M`; what is on such a disk ends with the boot."""


def create(layout: Layout, subnet: Subnet, name: str, disk: Disk) -> None:
    """Lay out a new server: what tells it from its image, and the record that makes it exist, last."""
    folder = layout.servers / name
    upper = folder / "upper"
    _directory(upper, 0o755)
    (folder / "work").mkdir()
    (folder / "root").mkdir()
    _directory(folder / "layers", 0o755)
    for position, layer in enumerate(disk.layers):
        (folder / "layers" / str(position)).symlink_to(layer)
    # These folders hide the modes of the image's own.
    for path, mode in (("etc", 0o755), ("etc/ssh", 0o755), ("root", 0o700), ("root/.ssh", 0o700)):
        _directory(upper / path, mode)
    keys.make_host_keys(upper / "etc/ssh", name)
    login = keys.login_key(layout).with_suffix(".pub").read_text()
    _file(upper / "root/.ssh/authorized_keys", login, 0o600)
    _file(upper / "etc/hostname", f"{name}\n")
    _file(
        upper / "etc/hosts",
        f"127.0.0.1 localhost\n127.0.1.1 {name}\n::1 localhost ip6-localhost ip6-loopback\n",
    )
    _file(upper / "etc/resolv.conf", network.resolver(subnet))
    # A set machine-id keeps systemd from taking this for a first boot, at which it would enable units itself.
    _file(upper / "etc/machine-id", f"{uuid.uuid4().hex}\n", 0o444)
    write_record(folder / "server.json", asdict(disk))


def read(layout: Layout, name: str) -> Disk | None:
    try:
        return Disk(**json.loads((layout.servers / name / "server.json").read_text()))
    except FileNotFoundError:
        return None


def overlay_options(disk: Disk) -> str:
    """Relative to the server's folder: a path with a colon or a comma in it would need escaping."""
    lower = ":".join(f"layers/{position}" for position in range(len(disk.layers)))
    within = "room/" if disk.room else ""
    return f"lowerdir={lower},upperdir={within}upper,workdir={within}work"


def write_record(file: Path, record: dict[str, object]) -> None:
    """All of it or nothing, whenever the lab is killed."""
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(record, indent=2))
    draft.rename(file)


def _directory(path: Path, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(mode)


def _file(path: Path, text: str, mode: int = 0o644) -> None:
    path.write_text(text)
    path.chmod(mode)
