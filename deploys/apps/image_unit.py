"""The unit files of a slot whose app is an image, which podman runs. Pure."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from deploys.apps import images
from deploys.apps.sandbox import protections
from deploys.apps.unit import Occupant, line_of


@dataclass(frozen=True)
class ImageOccupant(Occupant):
    """A release of an image in a slot."""

    @property
    def _success(self) -> int | None:
        return None

    @property
    def _within(self) -> str:
        return self._podman("attach")

    def _command(self, command: str) -> str:
        return self._podman("run", shlex.split(command))

    def _server(self, _port: int) -> str:
        return self._podman("serve")

    def _podman(self, verb: str, words: Iterable[str] = ()) -> str:
        return line_of(images.command(self.places, self.release, verb, words))

    def _protections(self) -> list[tuple[str, tuple[str, ...]]]:
        held = protections(images.LOOSENED, self._writable(), self.app.reach)
        return [*held, *((name, (value,)) for name, value in images.TIGHTENED)]

    def _environment(self) -> dict[str, str]:
        ours = self.app.env | {
            "GATEHOUSE_PREFIX": self.prefix,
            "GATEHOUSE_RELEASE": str(self.release),
            "GATEHOUSE_SLOT": self.slot,
        }
        variables = [*ours, *self.app.secrets, "CREDENTIALS_DIRECTORY", "STATE_DIRECTORY"]
        return ours | {"GATEHOUSE_CONTAINER": images.told(self.app, self.places, self.release, variables)}
