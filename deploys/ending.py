"""The last lines of a run: what users get now, what is still to do, and how to go on."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from http import HTTPStatus

from pyinfra import logger
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State
from pyinfra.context import ctx_host, host, state

from deploys import connection, invocation
from deploys.config import Server
from deploys.routing import asked
from deploys.verification.glimpse import glimpses
from deploys.verification.paused import paused

Lines = Callable[[bool], Iterable[str]]
"""Gives the lines of one host, told whether anything may have changed there."""


@dataclass(frozen=True)
class _End:
    lines: Lines
    onward: Callable[[], Iterable[str]]


_ENDS: dict[str, _End] = {}
"""By host."""


def _nothing(*_: object) -> Iterable[str]:
    return ()


def tell(server: Server, apps: Lines = _nothing, onward: Callable[[], Iterable[str]] = _nothing) -> None:
    """Have the run of the host in context end with how its apps and sites are then.

    Args:
        server: the settings.
        apps: gives a line for each app.
        onward: gives the commands that may be wanted next, each with what it does.

    """
    here, current = host.name, state
    address = str(host.data.get("ssh_hostname") or here)

    def lines(is_changed: bool) -> Iterator[str]:
        yield from apps(is_changed)
        seen = glimpses(asked(server), address)
        # Only then is it asked for, as each question is a round trip.
        is_closed = any(one.status == HTTPStatus.SERVICE_UNAVAILABLE for one in seen)
        closed = paused(server) if is_closed else frozenset()
        for one in seen:
            why = "under maintenance" if one.name in closed else ""
            yield f"{one.url}  {', '.join(filter(None, [one.answer, why, one.certificate]))}"

    _ENDS[here] = _End(lines, onward)
    if not invocation.is_by_command() and not any(
        isinstance(handler, _Ending) for handler in current.callback_handlers
    ):
        current.add_callback_handler(_Ending())


def is_told(one: Host) -> bool:
    """Say whether the run of a host ends with how it is then."""
    return one.name in _ENDS


def of(one: Host, *, is_changed: bool) -> list[str]:
    """Give the last lines of a host; none where its run never got so far as to have any."""
    lines = _seen(one, lambda end: end.lines(is_changed), is_changed)
    return ["how it is now cannot be seen: it does not answer"] if lines is None else lines


def onward(one: Host) -> list[str]:
    """Give the commands that may be wanted next on a host where something was done."""
    return _seen(one, lambda end: end.onward(), is_changed=True) or []


def _seen(one: Host, what: Callable[[_End], Iterable[str]], is_changed: bool) -> list[str] | None:
    """Give what is to be told of a host; None where it does not answer."""
    if one.name not in _ENDS:
        return []
    # Where something was done, a host that has failed is asked like any other.
    with ctx_host.use(one), connection.looking_back() if is_changed else nullcontext():
        try:
            return list(what(_ENDS[one.name]))
        except PyinfraError:
            return None


class _Ending(BaseStateCallback):
    """Tells of each host as pyinfra takes its leave of it."""

    @staticmethod
    def host_disconnect(state: State, host: Host) -> None:
        if state.is_executing:
            for line in [*of(host, is_changed=True), *onward(host)]:
                logger.info("%s%s", host.print_prefix, line)
