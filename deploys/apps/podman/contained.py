"""What a container is given, as podman's words; pure but for what it is told to read."""

import json
import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_PORT = 8000
_ORDINARY = 1000
"""Who the app's user is in a container whose image says nothing of it, but that it is not root."""
GIVEN = ("PORT", "GATEHOUSE_PREFIX", "GATEHOUSE_RELEASE", "GATEHOUSE_SLOT")
_NAMED = re.compile(rf"\$(?:({'|'.join(GIVEN)})\b|\{{({'|'.join(GIVEN)})\}})")


@dataclass(frozen=True)
class Contained:
    """An image in its release, and what the app's settings say of it."""

    root: str
    """Where its files are."""
    image: Mapping[str, Any]
    """What it says itself, as in the specification of OCI images."""
    name: str
    """The host name in the container."""
    port: int | None
    command: Sequence[str]
    """What runs in place of what the image says, if anything does; it can name what gatehouse gives it."""
    variables: Sequence[str]
    """The names of those that it gets of this environment."""
    places: Sequence[str]
    """Directories that are the same inside as outside, and can be written where they can be outside."""
    sockets: Sequence[str]
    """The same of sockets of services, as far as they are there."""
    loopback: Sequence[int]
    """Ports of the machine's own loopback that are at the container's, too."""

    @property
    def listens_at(self) -> int:
        """The port of its server."""
        exposed = [port.partition("/") for port in self.image.get("ExposedPorts") or {}]
        open_ports = [int(number) for number, _, kind in exposed if kind in {"", "tcp"}]
        return self.port or (open_ports[0] if len(open_ports) == 1 else _PORT)

    @property
    def stop_signal(self) -> int:
        """The signal by which it ends in good order."""
        said = str(self.image.get("StopSignal") or "SIGTERM").upper()
        if said.isdecimal():
            return int(said)
        name = said if said.startswith("SIG") else f"SIG{said}"
        return int(getattr(signal, name, signal.SIGTERM))

    def words(self, words: Sequence[str], *options: str) -> list[str]:
        """Give what follows `podman run`.

        Args:
            words: a command; what the image or the settings say unless given.
            options: more of podman's options.

        """
        uid, gid = self.user
        image = self.image
        of_image = [*(image.get("Entrypoint") or []), *(image.get("Cmd") or [])]
        command = [*words] or [_NAMED.sub(self._value, word) for word in self.command] or of_image
        credentials = filter(None, [os.environ.get("CREDENTIALS_DIRECTORY")])
        places = [*self.places, *filter(os.path.exists, self.sockets), *credentials]
        variables = [*(image.get("Env") or []), f"PORT={self.listens_at}", *self.variables]
        return [
            *("--rm", "--pull=never", "--init", "--name=app", f"--hostname={self.name}"),
            # All of these are the unit's: limits, what is written, and when it is ready or ends.
            *("--cgroups=disabled", "--sdnotify=ignore", "--no-healthcheck", "--pids-limit=-1"),
            # The only user that there is: the app's, under the number that the image expects.
            *(f"--uidmap={uid}:0:1", f"--gidmap={gid}:0:1", f"--user={uid}:{gid}"),
            *("--cap-drop=all", "--security-opt=no-new-privileges", "--read-only", "--detach-keys="),
            *(f"--env={variable}" for variable in variables),
            *(f"--volume={place}:{place}" for place in places),
            f"--workdir={image.get('WorkingDir') or '/'}",
            *options,
            *("--rootfs", self.root),
            *command,
        ]

    def _value(self, named: "re.Match[str]") -> str:
        name = named[1] or named[2]
        return str(self.listens_at) if name == "PORT" else os.environ.get(name, "")

    @property
    def user(self) -> tuple[int, int]:
        """The numbers that the app's user has in the container: of whom the image names, if anybody."""
        who, _, group = str(self.image.get("User") or "0").partition(":")
        entry = next((each for each in self._lines("etc/passwd") if who in each[:1] or who in each[2:3]), [])
        uid = int(who) if who.isdecimal() else int(entry[2]) if entry[3:] else _ORDINARY
        own = int(entry[3]) if entry[3:] else uid
        named = next((each for each in self._lines("etc/group") if group in each[:1]), [])
        return uid, int(group) if group.isdecimal() else int(named[2]) if named[2:] else own

    def _lines(self, name: str) -> list[list[str]]:
        path = Path(self.root, name)
        # A link would lead to the machine's own.
        if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
            return []
        return [line.split(":") for line in path.read_text(encoding="utf-8", errors="replace").splitlines()]


def from_environment() -> Contained:
    """Read what the unit says, and what the image does."""
    told = json.loads(os.environ["GATEHOUSE_CONTAINER"])
    image = json.loads(Path(told.pop("config")).read_text(encoding="utf-8"))
    return Contained(image=image, **told)
