"""The watch: a server that looks at itself once a day, and tells whom the settings name of what fails."""

from collections.abc import Generator, Sequence
from typing import Any

from pyinfra import logger
from pyinfra.api.command import FunctionCommand, PyinfraCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import operation
from pyinfra.api.state import State
from pyinfra.context import host

from deploys import invocation, remote, saying
from deploys.base import files, units
from deploys.base.machine import Machine
from deploys.config import Server
from deploys.looks import Look
from deploys.onhost.words import lines
from deploys.places.watch import FAILURES, TIMER, WATCH
from deploys.watch.kept import failures_digest, kept, look_at, unkept
from deploys.watch.onhost import alert
from deploys.watch.watched import Watched

OWN = Watched(units=("gatehouse-*",))
"""Whatever part of the house has made them: they tell of their failure as soon as they are there."""


_UNITS = units.look([TIMER, FAILURES])


def looks(watched: Sequence[Watched]) -> tuple[Look, ...]:
    """List what is looked at for the watch itself, given what each part has watched."""
    return look_at([OWN, *watched]), _UNITS


def deploy(server: Server, machine: Machine, watched: Sequence[Watched]) -> None:
    """Have the server watch what the parts of the house name, and tell of what fails.

    Args:
        server: the settings.
        machine: what the server is.
        watched: what each part has watched.

    """
    told = bool(server.alerts.webhook or server.alerts.mail or server.alerts.command)
    follow = told and not machine.restarts_are_failures
    found = units.states(_UNITS)
    if not follow and (stray := units.strays([FAILURES], found)):
        # Before its unit is gone, or it would run on unseen until the next reboot.
        units.stop(name=f"Watch: stop {', '.join(stray)}", units=stray)
    everything = [OWN, *watched]
    files.put(
        name="Watch: what looks and tells",
        files=kept(server, everything, follow=follow),
        absent=unkept(everything, follow=follow),
    )
    units.start(
        name="Watch: units",
        units=[TIMER, *([FAILURES] if follow else [])],
        found=found,
        versions={FAILURES: failures_digest()} if follow else {},
    )
    if not told:
        logger.warning("%snobody is told when a renewal fails: set alerts", host.print_prefix)
    elif found.get(TIMER, {}).get("ActiveState") != "active":
        logger.info("%swhen this is done, try the alerts: %s", host.print_prefix, invocation.line("alert"))


def _with_remedy(line: str) -> str:
    return f"{line}; set alerts, and run {invocation.line('site')}" if line == alert.NOBODY else line


@operation(is_idempotent=False)
def test_alert() -> Generator[PyinfraCommand, None, None]:
    """Send a test alert from the host, and say which channels took it."""
    yield FunctionCommand(_test, (saying.connection(),), {})


def _test(state: State, host: Host, connection: dict[str, Any]) -> bool:
    done, output = saying.run_quietly(host, remote.program(WATCH, "--test"), connection)
    said = [_with_remedy(line) for line in lines(output.stderr)]
    return saying.tell(state, host, said[-1]) if done and said else saying.fail(state, host, "\n".join(said))
