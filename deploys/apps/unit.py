"""The unit files of a slot: the app's server, its processes, jobs and hooks, as Python runs them. Pure."""

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from deploys.apps.sandbox import protections
from deploys.apps.servers import LONGEST_HEAD, Run, server_of
from deploys.config import App, Public
from deploys.config.amounts import SIZES, Size, in_the_largest
from deploys.places import sites
from deploys.places.apps import AppPlaces, Slot
from deploys.render import render

GRACEFUL = 10
"""Seconds that a server gives open requests when it is told to stop; a release has drained by then."""
_END_MARGIN = 2
"""Seconds after that in which a server that does not end by itself is ended."""
_STOP_MARGIN = 5
"""Seconds that systemd waits longer, so that it never has to kill, which it would count as a failure."""
_ENDED = 137
"""How timeout(1) exits that has ended a server after SIGTERM."""


@dataclass(frozen=True)
class Occupant:
    """A release in a slot: all that its unit files are rendered from."""

    app: App
    places: AppPlaces
    slot: Slot
    release: int
    prefix: str = ""
    """The path under which the app's users see it; empty for the root."""
    backs_off: bool = True
    """Whether systemd knows RestartSteps= (254 and later)."""
    balancers: tuple[str, ...] = ()
    """The networks of the load balancer, where one stands before the app, and no proxy."""

    def unit_files(self) -> dict[str, str]:
        """Render the units, by name."""
        places, slot = self.places, self.slot
        port = places.slot_port(slot)
        units = {
            places.service(slot): self._service(
                "the app", [self._server(port)], success=self._success, port=port
            )
        }
        for name, command in self.app.processes.items():
            units[places.process(slot, name)] = self._service(f"process {name}", [self._command(command)])
        for name, job in self.app.jobs.items():
            line = [self._command(job.command)]
            units[places.job(slot, name)] = self._service(f"job {name}", line, stays_up=False)
            units[places.timer(slot, name)] = render(
                "systemd/app.timer.j2",
                description=self._description(f"times of job {name}"),
                release=self.release,
                schedule=job.schedule,
            )
        hooks = self.app.hooks
        for moment, commands in (("before", hooks.before), ("after", hooks.after)):
            if commands:
                lines = [self._command(command) for command in commands]
                what = f"commands {moment} the switch"
                units[places.hook(slot, moment)] = self._service(
                    what, lines, stays_up=False, start_timeout=hooks.timeout
                )
        return units

    @property
    def _public(self) -> Public | None:
        return self.app.public if self.balancers else None

    def _run(self, port: int) -> Run:
        return Run(
            port=port,
            workers=self.app.workers,
            threads=self.app.threads,
            graceful=GRACEFUL,
            prefix=self.prefix,
            idle_timeout=self._public.idle_timeout if self._public else None,
        )

    @property
    def _success(self) -> int | None:
        """How the server may exit besides, once it is told to."""
        return None if server_of(self.app).ends_in_time else _ENDED

    @property
    def _within(self) -> str:
        """What runs a command as the app runs, where its own are not the machine's."""
        return ""

    def _command(self, command: str) -> str:
        return command_line(command)

    def _server(self, port: int) -> str:
        server, run = server_of(self.app), self._run(port)
        wrapper = self.places.wrapper(self.release)
        command = [self.places.interpreter(self.release), wrapper, *server.arguments(run)]
        if not server.ends_in_time:
            # It waits without a limit, passes SIGTERM on, and from then on counts.
            end = str(GRACEFUL + _END_MARGIN)
            command = ["/usr/bin/timeout", "--foreground", "--kill-after", end, "0", *command]
        return line_of(command)

    def _service(
        self,
        what: str,
        commands: list[str],
        *,
        stays_up: bool = True,
        start_timeout: int | None = None,
        success: int | None = None,
        port: int | None = None,
    ) -> str:
        delivered = {name: secret.deliver for name, secret in sorted(self.app.secrets.items())}
        return render(
            "systemd/app.service.j2",
            description=self._description(what),
            places=self.places,
            slot=self.slot,
            release=self.release,
            directory="/".join(filter(None, [self.places.code(self.release), self.app.working_directory])),
            within=self._within,
            port=port,
            prefix=self.prefix,
            is_public=self._public is not None,
            stays_up=stays_up,
            backs_off=self.backs_off,
            environment=[quoted(f"{name}={value}") for name, value in sorted(self._environment().items())],
            has_secrets="environment" in delivered.values(),
            credentials=[name for name, how in delivered.items() if how == "credential"],
            commands=commands,
            start_timeout=start_timeout,
            stop_timeout=GRACEFUL + _STOP_MARGIN,
            success=success,
            limits=self.app.limits,
            size=size,
            protections=self._protections(),
        )

    def _protections(self) -> list[tuple[str, tuple[str, ...]]]:
        return protections(self.app.sandbox.loosen, self._writable(), self.app.reach)

    def _writable(self) -> list[str]:
        # Each is a mount of its own, so that nothing of one can be linked into another, which may be public.
        persistent = map(self.places.persistent_place, self.app.persistent)
        return [*self.app.sandbox.writable, *(place.replace("%", "%%") for place in persistent)]

    def _description(self, what: str) -> str:
        return f"{self.places.app}, release {self.release} in slot {self.slot}: {what}"

    def _environment(self) -> dict[str, str]:
        ours = {
            "GATEHOUSE_RELEASE": str(self.release),
            "GATEHOUSE_SLOT": self.slot,
            "HOME": self.places.state,
            "PATH": f"{self.places.environment(self.release)}/bin:/usr/local/bin:/usr/bin:/bin",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "WEBSOCKETS_MAX_LINE_LENGTH": str(LONGEST_HEAD),
        }
        # What an app may say itself counts, as it does among the secrets, which override all of these: so the
        # wrapper needs none of them, and the rest is refused in the settings.
        both = ours | self.app.env
        both |= {
            f"GATEHOUSE_{self.app.interface.upper()}": self.app.reference,
            "GATEHOUSE_PREFIX": self.prefix,
        }
        if self.app.recycle_after:
            both["GATEHOUSE_RECYCLING"] = json.dumps(
                {
                    "after": self.app.recycle_after,
                    "workers": self.app.workers,
                    # As it has the traffic until then, it drains as a release does.
                    "patience": max(GRACEFUL, self.app.drain),
                }
            )
        if self._public:
            told = {
                "networks": self.balancers,
                "b_is_live": self.places.b_is_live,
                "slot": self.slot,
                "maintenance": sites.maintenance(self.places.app),
            }
            both["GATEHOUSE_BALANCER"] = json.dumps(told)
            both["GATEHOUSE_KEEP_ALIVE"] = str(self._run(0).keep_alive)
        return both


def command_line(command: str) -> str:
    """Make a line for ExecStart= of a command, its program looked up in the unit's own PATH."""
    return line_of(["/usr/bin/env", *shlex.split(command)])


def line_of(words: Iterable[str]) -> str:
    """Join words to a command line of a unit file."""
    return " ".join(word(each) for each in words)


def quoted(text: str) -> str:
    """Quote a value for a unit file (systemd.syntax(7)), percent signs included."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def word(text: str) -> str:
    """Make one word of a command line in a unit file (systemd.service(5), "Command lines")."""
    plain = all(character.isalnum() or character in "-_./:=@+," for character in text)
    return text if plain and text else quoted(text).replace("$", "$$")


def environment_file(values: Mapping[str, str]) -> str:
    """Render a file for EnvironmentFile= (systemd.exec(5)); a value may have several lines."""
    return "".join(f'{name}="{_escaped(value)}"\n' for name, value in sorted(values.items()))


def _escaped(value: str) -> str:
    return "".join(f"\\{character}" if character in '\\"`$' else character for character in value)


def size(amount: Size) -> str:
    """Write an amount of memory in systemd's words (systemd.resource-control(5))."""
    number, unit = in_the_largest(amount.bytes, SIZES)
    return f"{number}{unit.upper()}"
