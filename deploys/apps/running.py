"""A command of somebody's, run as an app."""

import json
import os
import shlex
from collections.abc import Generator, Sequence

from pydantic import TypeAdapter, ValidationError
from pyinfra.api.command import QuoteString
from pyinfra.api.operation import operation
from pyinfra.context import host

from deploys import invocation, remote
from deploys.apps import observe
from deploys.apps.deploy import leader
from deploys.apps.going_back import which_app
from deploys.apps.onhost import session as session_onhost
from deploys.apps.turn import OWNER
from deploys.config import Server
from deploys.config.command_lines import Command
from deploys.config.commands import without_entering
from deploys.config.remedies import remedy
from deploys.places.apps import AppPlaces
from deploys.refusal import Refusal
from deploys.session import Session, is_interactive

SHELL = "bash"


def run(server: Server, app: str | None, command: str | None) -> None:
    """Run a command, or else a shell, as the release of an app runs that has the traffic.

    Where several hosts have the app, the first of them does.

    Args:
        server: the settings.
        app: its name; it can be left out where there is only one.
        command: a line of words.

    Raises:
        Refusal: it is not clear what is meant, a shell has no terminal, or no release has the traffic.

    """
    try:
        name = which_app(server.apps, app)
    except ValueError as refusal:
        raise Refusal(f"{host.name}: {refusal}") from None
    if command is None and not is_interactive():
        how = "-- COMMAND" if invocation.is_by_command() else "--data command='COMMAND'"
        raise Refusal(f"a shell needs a terminal, and here is none; add what to run: {how}")
    line = _checked(command or SHELL, is_contained=server.apps[name].is_image)
    if leader(name) != host.name:
        return
    places = AppPlaces(name, server.port(name))
    found = observe.Observer([places]).found(name)
    if not found.slot(found.live).served:
        raise Refusal(f"{host.name}: {name}: no release has the traffic yet; {_first()}")
    # pyinfra turns a wheel where the command's own words go.
    os.environ["PYINFRA_PROGRESS"] = "off"
    run_command(name=f"Run as {name}", places=places, command=shlex.split(line))


def _first() -> str:
    return f"run {invocation.line('site')} first"


def _checked(command: str, *, is_contained: bool) -> str:
    try:
        line = TypeAdapter[str](Command).validate_python(command)
    except ValidationError as refusal:
        raise Refusal(f"command: {command!r}: {remedy(refusal.errors()[0], near=True)}") from None
    if not is_contained and (other := without_entering(line)):
        raise Refusal(f"command: {command!r}: {other}")
    return line


@operation(is_idempotent=False)
def run_command(places: AppPlaces, command: Sequence[str]) -> Generator[Session, None, None]:
    """Run it at the operator's terminal, where there is one.

    Args:
        places: where the app's things are.
        command: its words.

    """
    argument = {
        **observe.question(places),
        "unit": places.any_session,
        "owner": OWNER,
        "command": command,
        "first": _first(),
    }
    # Not on standard input, which is the terminal's.
    yield Session(*remote.python(session_onhost), QuoteString(json.dumps(argument)))
