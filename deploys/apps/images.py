"""An app as an OCI image: how its release is built, and what its units run. Pure."""

import base64
import json
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploys.apps import podman
from deploys.apps.servers import PROGRAM, WRAPPER
from deploys.apps.source import Source
from deploys.config import App
from deploys.config.images import Containerfile, ImageSource, Login
from deploys.config.reach import SERVICES, endpoints
from deploys.places.apps import AppPlaces
from deploys.refusal import Refusal

PACKAGES = ("catatonit", "passt", "podman", "slirp4netns")
"""What runs a container, its first process, and its network in either version of podman."""

FILES = {
    f"{WRAPPER}/{path.name}": path.read_text(encoding="utf-8")
    for path in sorted(Path(podman.__file__).parent.glob("*.py"))
} | {PROGRAM: f"from {WRAPPER}.main import main\n\nmain()\n"}
"""The modules that each release carries, by their files' places; Python runs the directory of them all."""

LOOSENED = (
    # Podman makes namespaces, mounts and a network of its own, and these would be seen in the container's.
    *("PrivateDevices", "PrivateUsers", "ProcSubset", "ProtectControlGroups", "ProtectHome"),
    *(
        "ProtectHostname",
        "ProtectKernelLogs",
        "ProtectKernelTunables",
        "ProtectProc",
        "RestrictAddressFamilies",
    ),
    *("RestrictNamespaces", "SystemCallFilter"),
    # The image may compile as it runs, whose sandbox is podman's.
    "MemoryDenyWriteExecute",
)
BUILDS_NEED = (*LOOSENED, "RestrictSUIDSGID")
"""Images have files that are to run as their owner; in a release, none does."""
TIGHTENED = (
    ("DevicePolicy", "closed"),
    # As ProtectHome=, but for where podman keeps what it needs for its own time.
    ("InaccessiblePaths", "-/home"),
    ("InaccessiblePaths", "-/root"),
    ("TemporaryFileSystem", "/run/user:mode=1777,nosuid,nodev"),
    ("DeviceAllow", "/dev/net/tun rw"),
    ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX"),
    # What makes containers goes on without keys where there are none, but not where they are forbidden.
    ("SystemCallFilter", "~@keyring:ENOSYS"),
    ("SystemCallFilter", "~@aio @clock @cpu-emulation @debug @module @obsolete @raw-io @reboot @swap"),
)
"""What holds for podman itself; the container has podman's own sandbox within that."""

_PODMANS = ("CONTAINER", "GOD", "LD_", "PODMAN_", "STORAGE_", "TMPDIR", "XDG_")
"""What names of variables begin with that podman, or the programs that it runs, heed themselves."""
_PODMANS_OWN = {"HOME", "PATH"}
"""Variables that are podman's here, and would be the container's with its values."""


def script(setting: ImageSource, writable: Iterable[str], source: Source) -> str:
    """Write what builds a release, for `sh -eu`, in the directory of the source.

    Args:
        setting: the image.
        writable: directories of the machine's that have a place in the container.
        source: what of the image is sent.

    """
    wanted: dict[str, object] = {"mounts": sorted(writable)}
    if isinstance(setting.image, Containerfile):
        wanted["context"] = "."
    elif setting.archive:
        wanted["archive"] = "".join(source.files)
    else:
        wanted["reference"] = setting.image
    make = 'mkdir -p "$VIRTUAL_ENV/bin"\nln -s /usr/bin/python3 "$VIRTUAL_ENV/bin/python"'
    words = shlex.quote(json.dumps(wanted))
    return f'{make}\nexec "$VIRTUAL_ENV/bin/python" -I "$GATEHOUSE_PODMAN" build {words}'


def environment(app: App, places: AppPlaces, number: int) -> dict[str, str]:
    """Give what a build of an image finds in its environment besides what all builds do."""
    mounts = [places.state, *map(places.persistent_place, app.persistent)]
    return {
        "GATEHOUSE_CODE": places.code(number),
        "GATEHOUSE_MOUNTS": ":".join(mounts),
        "GATEHOUSE_PODMAN": places.wrapper(number),
    }


def described(source: ImageSource) -> str:
    """Say what the image is, for whoever reads the plan."""
    if isinstance(source.image, Containerfile):
        return "the image that its Containerfile makes"
    return "the image" if source.archive else f"the image {source.image}"


def command(places: AppPlaces, release: int, verb: str, words: Iterable[str] = ()) -> list[str]:
    """Give the words that run a release's image, or a command in it."""
    return [places.interpreter(release), "-I", places.wrapper(release), verb, *words]


def told(app: App, places: AppPlaces, release: int, variables: Iterable[str]) -> str:
    """Say in JSON what a container is given (`podman/contained.py`)."""
    return json.dumps(
        {
            "root": places.code(release),
            "config": f"{places.environment(release)}/image.json",
            "name": places.app,
            "port": app.container.port,
            "command": shlex.split(app.container.command or ""),
            "variables": sorted(variables),
            "places": sorted(
                [places.state, *app.sandbox.writable, *map(places.persistent_place, app.persistent)]
            ),
            "sockets": sorted(
                {SERVICES[word].sockets or "" for word in app.reach if word in SERVICES} - {""}
            ),
            "loopback": sorted(_loopback(app)),
        }
    )


def _loopback(app: App) -> Iterator[int]:
    """List the ports of the machine's own loopback that the app is to reach."""
    for word in app.reach:
        if word in SERVICES:
            yield from filter(None, [SERVICES[word].port])
        for endpoint in endpoints(word):
            if endpoint.network.is_loopback:
                yield from range(endpoint.first, endpoint.last + 1)


def refuse_variables(names: Iterable[str], key: str) -> None:
    """See that no variable of the app's is one that podman would heed.

    Raises:
        Refusal: one is.

    """
    for name in sorted(names):
        if name.startswith(_PODMANS) or name in _PODMANS_OWN:
            raise Refusal(f"{key}: {name}: podman would heed it itself: set it in the image")


def refuse_elsewhere(distribution: str, key: str) -> None:
    """See that the machine is one whose podman is known to run a container so.

    Raises:
        Refusal: it is not.

    """
    if distribution != "debian":
        raise Refusal(
            f"{key}['source']: an image needs Debian 12 or 13, for its podman: write another source"
        )


def logins(source: ImageSource, login: Login, password: str) -> str:
    """Write the login of the registry as podman reads it (containers-auth.json(5))."""
    both = base64.b64encode(f"{login.user}:{password}".encode()).decode()
    return json.dumps({"auths": {source.registry: {"auth": both}}})
