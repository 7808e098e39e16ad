"""Disks saved as images of the lab's own, so that a test can start from a server that is set up already."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.lab.disks import Disk, write_record
from tests.lab.errors import LabError
from tests.lab.images import remove_tree
from tests.lab.layout import Layout
from tests.lab.shell import run


@dataclass(frozen=True)
class Snapshot:
    debian: str
    layers: list[str]


def save(layout: Layout, disk: Disk, upper: Path, image: str) -> None:
    """The saved layer lies on top of those that the server itself stands on."""
    folder, draft = layout.images / image, layout.images / f".{image}"
    for former in (folder, draft):
        if former.exists():
            remove_tree(former)
    draft.mkdir(parents=True)
    # Device nodes and extended attributes tell an overlay what was deleted from the layers below.
    run(["cp", "--archive", "--reflink=auto", upper, draft / "upper"])
    layers = [str(folder / "upper"), *disk.layers]
    write_record(draft / "image.json", asdict(Snapshot(disk.debian, layers)))
    draft.rename(folder)


def users(layout: Layout, disks: Mapping[str, Disk], image: str) -> list[str]:
    """The servers and other images that stand on an image, directly or not."""
    layer = str(layout.images / image / "upper")
    servers = [name for name, disk in disks.items() if layer in disk.layers]
    images = [name for name in names(layout) if name != image and layer in read(layout, name).layers]
    return servers + images


def read(layout: Layout, image: str) -> Snapshot:
    try:
        return Snapshot(**json.loads((layout.images / image / "image.json").read_text()))
    except FileNotFoundError:
        known = ", ".join(names(layout)) or "none yet"
        msg = f"there is no image {image} (there are: {known}): python -m tests.lab snapshot NAME {image}"
        raise LabError(msg) from None


def names(layout: Layout) -> list[str]:
    return sorted(record.parent.name for record in layout.images.glob("[!.]*/image.json"))
