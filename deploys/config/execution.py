"""How an app is executed besides its server: when it is well, what else runs, and what it may use and do."""

from typing import Annotated, Literal

from deploys.config.command_lines import Command
from deploys.config.directories import Writable
from deploys.config.fields import UrlPath
from deploys.config.measures import MemorySize
from deploys.config.numbers import decimal, seconds, whole
from deploys.config.schedule import Schedule
from deploys.config.settings import Settings


class Health(Settings):
    """What a new release must answer before it gets traffic."""

    path: UrlPath = "/"
    """The path to GET, as the app itself knows it."""

    status: Annotated[int, whole(200, 499)] | None = None
    """The status to expect, 499 at most; any of 200 to 399 unless given."""

    timeout: Annotated[int, seconds(1, 3600)] = 30
    """Seconds allowed from the start of the process to the first good answer."""

    settle: Annotated[int, seconds(0, 600)] = 1
    """Seconds for which it must go on answering well before it gets traffic."""


class Job(Settings):
    """A command of the release that runs at times."""

    schedule: Schedule
    """When, as systemd.time(7) has it under "Calendar events", like `hourly` or `Mon..Fri 06:30`."""

    command: Command
    """What runs, as the app's user, in the release's directory and virtual environment."""


class Hooks(Settings):
    """Commands around a switch, run on one host only where several have the app."""

    before: tuple[Command, ...] = ()
    """Run by the new release before it starts; if one fails, nothing changes for the users. Migrations."""

    after: tuple[Command, ...] = ()
    """Run by the new release once it has the traffic."""

    timeout: Annotated[int, seconds(1, 604_800)] = 3600
    """Seconds that the commands of either may take together; what takes longer is ended, and has failed."""


class Limits(Settings):
    """What a slot may use of the machine; each process and job has the same for itself."""

    memory: MemorySize | None = None
    """The most memory, like `512m`, or three quarters of the machine's unless given; above it the process is
    killed, and started again."""

    cpus: Annotated[float, decimal(0.01, 1024)] | None = None
    """The most processor time, in processors: `1.5` is one and a half."""

    tasks: Annotated[int, whole(8, 100_000)] = 512
    """The most threads and processes."""


class Sandbox(Settings):
    """Where the sandbox of systemd.exec(5) is too tight for an app."""

    loosen: tuple[
        Literal[
            "MemoryDenyWriteExecute",
            "PrivateDevices",
            "PrivateUsers",
            "ProcSubset",
            "ProtectProc",
            "RestrictAddressFamilies",
            "RestrictNamespaces",
            "RestrictRealtime",
            "SystemCallFilter",
        ],
        ...,
    ] = ()
    """Protections to leave out, like `MemoryDenyWriteExecute` for a package that compiles at run time."""

    writable: tuple[Writable, ...] = ()
    """Directories that the app may write to, besides its own `$STATE_DIRECTORY`, like `/srv/uploads`; none of
    the system's, of another app's, or below `/home`, `/root` and `/tmp`, which an app does not see."""
