"""Where an app's things are on a server: paths, units and ports, all from its name. Pure."""

from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import quote

from deploys.places import systemd
from deploys.places.owned import Owned

Slot = Literal["a", "b"]

SLOTS: tuple[Slot, ...] = ("a", "b")

LIVE = "/var/lib/gatehouse/live"
"""A directory that anyone may read: `<app>-b` is there while slot b has the traffic."""

HISTORY = "/var/lib/gatehouse/history"

SECRETS = "/etc/gatehouse/secrets"

LOCKS = "/run/gatehouse/apps"
"""Where a deploy says that it is at work; a reboot empties it."""

NOWHERE = "/nonexistent"
"""The home of apps' users as others know it.

From one that they could write, sshd would take keys, and a mail server or a user's own systemd what to run,
all of it outside of any sandbox.
"""

UV = "/opt/gatehouse/uv"
"""Below it, one virtual environment for each version of uv."""


OWNED = Owned(
    paths=(LIVE, HISTORY, SECRETS, LOCKS, UV),
)
"""What there is of no app in particular."""


def public_name(folder: str) -> str:
    """Give the name under which a folder of the code is public; as it is no path, none is within another."""
    return quote(folder, safe="")


def other(slot: Slot) -> Slot:
    """Give the slot that is not this one."""
    return "b" if slot == "a" else "a"


@dataclass(frozen=True)
class AppPlaces:
    """The paths, units and ports of one app."""

    app: str
    port: int
    """The port of slot a; slot b has the next one."""
    idle: ClassVar[int] = 2
    """Seconds for which a proxy keeps an idle connection to it: fewer than any server does.

    The same for all servers: traffic moves to one of another kind before the proxy's configuration does.
    """

    @property
    def user(self) -> str:
        return f"app-{self.app}"

    @property
    def about_user(self) -> str:
        """The comment by which the user is known for one that gatehouse has made."""
        return f"gatehouse app {self.app}"

    @property
    def home(self) -> str:
        return f"/srv/{self.app}"

    @property
    def releases(self) -> str:
        """Numbered, immutable releases."""
        return f"{self.home}/releases"

    def release(self, number: int) -> str:
        return f"{self.releases}/{number}"

    def code(self, number: int) -> str:
        """Give the directory of the app's own files, in which it runs."""
        return f"{self.release(number)}/code"

    def environment(self, number: int) -> str:
        """Give the release's virtual environment."""
        return f"{self.release(number)}/venv"

    def interpreter(self, number: int) -> str:
        """Give the release's Python, a link to the one that it was built with."""
        return f"{self.environment(number)}/bin/python"

    def fetched_python(self, number: int) -> str:
        """Give the directory of a Python that only the release has."""
        return f"{self.release(number)}/python"

    def ca_bundle(self, number: int) -> str:
        """Give the certificates that the build believes."""
        return f"{self.release(number)}/ca-bundle.pem"

    def wrapper(self, number: int) -> str:
        """Give the directory of the module that wraps the app, for servers that need one."""
        return f"{self.release(number)}/gatehouse"

    @property
    def current(self) -> str:
        """The link to the release that has the traffic, by which people find its files."""
        return f"{self.home}/current"

    @property
    def public(self) -> str:
        """What the proxy answers of each release: all that it may read."""
        return f"{self.home}/public"

    @property
    def published(self) -> str:
        """The link to what is public of the release that has the traffic."""
        return f"{self.public}/current"

    def published_folder(self, folder: str) -> str:
        """Give where the proxy finds a folder of the code of the release that has the traffic."""
        return f"{self.published}/{public_name(folder)}"

    @property
    def persistent(self) -> str:
        """What lies within the code and outlives releases, each in a directory that is the app's."""
        return f"{self.home}/persistent"

    def persistent_place(self, path: str) -> str:
        """Give the directory that is a persistent one's own; beside a file, the app can make others there."""
        return f"{self.persistent}/{public_name(path.rstrip('/'))}"

    def persistent_target(self, path: str) -> str:
        """Give where a persistent file or directory really is."""
        place = self.persistent_place(path)
        return place if path.endswith("/") else f"{place}/{path.rpartition('/')[2]}"

    @property
    def state(self) -> str:
        """Where the app itself keeps what is to outlive its releases; its `HOME`."""
        return f"/var/lib/{self.user}"

    def unit(self, slot: Slot) -> str:
        """Give what the names of the slot's units begin with, and others' too, of an app called `shop-a`."""
        return f"gatehouse-{self.app}-{slot}"

    def service(self, slot: Slot) -> str:
        """Give the unit of the app's server."""
        return f"{self.unit(slot)}.service"

    def process(self, slot: Slot, name: str) -> str:
        return f"{self.unit(slot)}.process-{name}.service"

    def job(self, slot: Slot, name: str) -> str:
        return f"{self.unit(slot)}.job-{name}.service"

    def timer(self, slot: Slot, name: str) -> str:
        return f"{self.unit(slot)}.job-{name}.timer"

    def hook(self, slot: Slot, moment: str) -> str:
        """Give the unit of the commands before or after a switch."""
        return f"{self.unit(slot)}.hook-{moment}.service"

    def socket(self, port: int) -> str:
        """Give the unit by which systemd holds a port; it is no slot's, and outlives what listens there."""
        return f"gatehouse-{self.app}.port-{port}.socket"

    def gate(self, port: int) -> str:
        """Give the unit that is active as long as connections to a port are let in."""
        return f"gatehouse-{self.app}.port-{port}.service"

    @property
    def any_port(self) -> str:
        """Give the pattern of what the names of the units of all its ports begin with."""
        return f"gatehouse-{self.app}.port-*"

    @property
    def every_unit(self) -> tuple[str, ...]:
        """Give patterns of all units that stay; none of them is of another app's, whatever its name."""
        kinds = ("service", *(f"{kind}-*.service" for kind in ("process", "job", "hook")), "job-*.timer")
        of_slots = (f"{self.unit(slot)}.{kind}" for slot in SLOTS for kind in kinds)
        return (*of_slots, *(f"{self.any_port}.{kind}" for kind in ("socket", "service")))

    def unit_file(self, unit: str) -> str:
        return systemd.unit_file(unit)

    @property
    def secrets_of_slots(self) -> str:
        """The directory of the secrets of both slots."""
        return f"{SECRETS}/{self.app}"

    def secrets(self, slot: Slot) -> str:
        """Give the directory of the slot's secrets, which only root may read."""
        return f"{self.secrets_of_slots}/{slot}"

    def secret_environment(self, slot: Slot) -> str:
        return f"{self.secrets(slot)}/environment"

    def credential(self, slot: Slot, name: str) -> str:
        return f"{self.secrets(slot)}/credential.{name}"

    @property
    def build_unit(self) -> str:
        """The transient unit in which a release is built."""
        return f"gatehouse-{self.app}-build.service"

    @property
    def any_session(self) -> str:
        """Give what the names of the units of commands that somebody runs begin with.

        No failure of theirs is an alert: the dash after `gatehouse`, by which those are known, is not there.
        """
        return f"gatehouse.run.{self.app}"

    @property
    def ports(self) -> tuple[int, ...]:
        return tuple(self.slot_port(slot) for slot in SLOTS)

    def slot_port(self, slot: Slot) -> int:
        return self.port + (slot == "b")

    @property
    def b_is_live(self) -> str:
        """The file whose presence gives slot b the traffic, and whose absence gives it to slot a."""
        return f"{LIVE}/{self.app}-b"

    @property
    def history(self) -> str:
        """The file with a line for each time that a release got the traffic."""
        return f"{HISTORY}/{self.app}"

    def served(self, slot: Slot) -> str:
        """Give the file that is there if what the slot has now has had the traffic."""
        return f"{HISTORY}/{self.app}-{slot}.served"

    def due(self, slot: Slot) -> str:
        """Give the file that is there until the commands after the switch to the slot have succeeded."""
        return f"{HISTORY}/{self.app}-{slot}.due"

    def tried(self, slot: Slot) -> str:
        """Give the file that has the health path which what the slot has now has answered."""
        return f"{HISTORY}/{self.app}-{slot}.health"

    @property
    def sysusers(self) -> str:
        return f"/etc/sysusers.d/gatehouse-{self.app}.conf"

    @property
    def lock(self) -> str:
        return f"{LOCKS}/{self.app}"

    @property
    def files(self) -> tuple[str, ...]:
        """What the app has besides its units and its user."""
        return (
            *(self.secrets_of_slots, self.b_is_live, self.history),
            *map(self.served, SLOTS),
            *map(self.due, SLOTS),
            *map(self.tried, SLOTS),
            *(self.current, f"{self.current}.new", self.public, self.releases),
        )

    @property
    def owned(self) -> Owned:
        """What goes with the app; what it has written itself stays, in `state` and `home`."""
        timers = (unit for unit in self.every_unit if unit.endswith(".timer"))
        return Owned(
            paths=(
                *map(self.unit_file, self.every_unit),
                *(f"/var/lib/systemd/timers/stamp-{unit}" for unit in timers),
                *(*self.files, self.sysusers),
            ),
            units=(*self.every_unit, f"{self.any_session}.*", self.build_unit),
            users=(self.user,),
            folders=(self.home, self.state),
        )
