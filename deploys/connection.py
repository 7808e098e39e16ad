"""The connection to a host: a server that is gone is noticed, and told of."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from gevent import GreenletExit
from pyinfra import logger
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.facts import FactBase
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State
from pyinfra.context import host as host_in_context
from pyinfra.context import state as state_in_context

from deploys import login_shell, stopping, sudo, terminal
from deploys.onhost.words import printable
from deploys.refusal import Refusal

UNREACHED: dict[str, str] = {}
"""Hosts that could not be connected to, and why, where that is known."""

_SENT: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
"""How many commands each connector was given."""

_PATIENCE = 60
"""Seconds without a sign of life after which a connection counts as lost."""
_BETWEEN = 15
"""Seconds between two questions for one."""

# Not every system has each of them (tcp(7) tells of Linux, where the last one is in milliseconds).
_OPTIONS = {
    "TCP_NODELAY": 1,  # or a command waits for the answer to what was sent before it
    "TCP_KEEPIDLE": _BETWEEN,
    "TCP_KEEPINTVL": _BETWEEN,
    "TCP_KEEPCNT": _PATIENCE // _BETWEEN,
    "TCP_USER_TIMEOUT": _PATIENCE * 1000,
}


def watch(host: Host) -> None:
    """Have a run end when its server does, or its user wants: pyinfra would wait for ever, or just leave."""
    stopping.of(host.state)
    terminal.guard()
    sudo.guard()
    connector: Any = host.connector  # in which pyinfra offers no place for what is put between here
    connector.run_shell_command = _counted(connector)
    transport = _transport(host)
    if transport is None:
        return
    transport.set_keepalive(_BETWEEN)
    if isinstance(transport.sock, socket.socket):  # behind a jump host it is something else
        transport.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for option, value in _OPTIONS.items():
            if hasattr(socket, option):
                transport.sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, option), value)
    login_shell.adapt(connector.client)
    connector.run_shell_command = said_by_host(
        _unless_stopped(host, _begun(host, connector.run_shell_command))
    )
    if not any(isinstance(handler, _Teller) for handler in host.state.callback_handlers):
        host.state.add_callback_handler(_Teller())


def said_by_host(run: Callable[..., Any]) -> Callable[..., Any]:
    """Run commands so that what the host says can be shown, and the end of a connection is what it is.

    paramiko says EOFError where that ends as a command is sent, which pyinfra does not expect.
    """

    @wraps(run)
    def run_or_fail(*arguments: Any, **options: Any) -> Any:
        try:
            succeeded, output = run(*arguments, **options)
        except EOFError:
            raise ConnectionError("the server has closed the connection") from None
        for line in output:
            line.line = printable(line.line)
        return succeeded, output

    return run_or_fail


def _begun(host: Host, run: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a login shell that runs no commands, which would look like a bare machine."""

    @wraps(run)
    def run_or_refuse(*arguments: Any, **options: Any) -> Any:
        succeeded, output = run(*arguments, **options)
        transport = _transport(host)
        why = login_shell.refusal(transport.get_username())
        if why and transport.is_active():
            raise Refusal(f"{host.name}: {why}")
        return succeeded, output

    return run_or_refuse


def sent(host: Host) -> int | None:
    """Say how many commands a host was sent, where that is counted."""
    return _SENT.get(host.connector)


def _counted(connector: Any) -> Callable[..., Any]:
    run = connector.run_shell_command
    _SENT.setdefault(connector, 0)

    @wraps(run)
    def run_and_count(*arguments: Any, **options: Any) -> Any:
        _SENT[connector] += 1
        return run(*arguments, **options)

    return run_and_count


def _unless_stopped(host: Host, run: Callable[..., Any]) -> Callable[..., Any]:
    """Send no further command once the run is to end."""

    @wraps(run)
    def run_unless_stopped(*arguments: Any, **options: Any) -> Any:
        stopping.of(host.state).before_command(host)
        return run(*arguments, **options)

    return run_unless_stopped


class _Unanswered(GreenletExit):  # type: ignore[misc]  # gevent has no types
    """Ends an operation on a host, and nothing else: pyinfra takes what is false for a failure."""

    def __bool__(self) -> bool:
        return False


_LOOKS_BACK: ContextVar[bool] = ContextVar("looks back", default=False)
"""Each greenlet's own: the state of the run is all hosts'."""


@contextmanager
def looking_back() -> Iterator[None]:
    """Ask a host as if nothing was at work that could fail, now that the run is over for it."""
    token = _LOOKS_BACK.set(True)
    try:
        yield
    finally:
        _LOOKS_BACK.reset(token)


def is_at_work() -> bool:
    """Say whether whoever asks is an operation that is at work."""
    return state_in_context.is_executing and not _LOOKS_BACK.get()


def ask(fact: type[FactBase[Any]], **arguments: Any) -> Any:
    """Get a fact of the host in context; in an operation that is at work, a failure is the operation's own.

    pyinfra itself would go on, on that host, with what a fact says of a bare machine, or show a traceback
    where no other host is left.
    """
    host, failed_hosts = host_in_context, state_in_context.failed_hosts
    try:
        found = host.get_fact(fact, **arguments)
    except PyinfraError:
        if not is_at_work():
            raise
    else:
        if not (is_at_work() and any(failed.name == host.name for failed in failed_hosts)):
            return found
    raise unanswered()


def unanswered() -> BaseException:
    """Make what ends the operation of the host in context, which cannot go on without an answer."""
    _tell_if_lost(host_in_context)
    return _Unanswered()


class _Teller(BaseStateCallback):
    """Says why an operation failed that has nothing to say itself."""

    @staticmethod
    def operation_host_error(
        state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        _tell_if_lost(host)


def _tell_if_lost(host: Host) -> None:
    transport = _transport(host)
    if transport is not None and not transport.is_active():
        words = "the connection was lost; run it again, which finishes what was begun"
        logger.error("%s%s", host.print_prefix, words)


def _transport(host: Host) -> Any:
    client = getattr(host.connector, "client", None)
    return client.get_transport() if client else None
