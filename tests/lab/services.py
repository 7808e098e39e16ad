"""The programs that serve the lab, each in a control group of its own: started and ended alone."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab import daemons
from tests.lab.cgroups import Group, lab_group
from tests.lab.layout import Layout

# Runs a program of an image with one folder of the host at /srv. The image is shared and stays as it is: the
# mount is seen by this program alone and ends with it.
IN_IMAGE = """
umount --recursive --lazy /run/netns
mount --bind "$0" "$1/srv"
shift
exec chroot "$@"
"""


@dataclass(frozen=True)
class Service:
    name: str
    layout: Layout

    @property
    def group(self) -> Group:
        return lab_group(self.layout.id).child("services").child(self.name)

    @property
    def log(self) -> Path:
        return self.layout.logs / f"{self.name}.log"

    @property
    def running(self) -> bool:
        return self.group.populated

    def start(self, command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> None:
        daemons.start(self.group, command, log=self.log, env={"PATH": os.environ["PATH"], **(env or {})})

    def stop(self) -> None:
        self.group.kill()

    def last_words(self) -> str:
        return f"{self.name}: {daemons.last_line(self.log)} (all of it: {self.log})"


def in_image(image: Path, namespace: str, folder: Path, command: Sequence[str]) -> list[str | Path]:
    """The command line that runs an image's program in a namespace, with the folder at /srv."""
    isolated = ["nsenter", f"--net=/run/netns/{namespace}", "unshare", "--mount", "--propagation", "private"]
    return [*isolated, "sh", "-euc", IN_IMAGE, folder, image, image, *command]
