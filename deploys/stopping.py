"""Ctrl-C and SIGTERM: a run ends between two steps, where the next run goes on from."""

import signal
from types import FrameType

import gevent
from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.state import BaseStateCallback, State

from deploys.exit_codes import INTERRUPTED

_POLL = 0.05


class Stop:
    """What one run knows of being asked to end."""

    def __init__(self, state: State) -> None:
        self.is_asked = False
        self._is_over = False
        self._state = state
        self._working: set[Host] = set()
        self._waiting: set[Host] = set()
        state.add_callback_handler(_Watcher())
        for kind in (signal.SIGINT, signal.SIGTERM):
            signal.signal(kind, self._ask)

    def _ask(self, _: int, __: FrameType | None) -> None:
        if not self._state.is_executing:
            logger.warning("--> stopped; nothing was changed")
            raise SystemExit(INTERRUPTED)
        if self.is_asked or self._is_over:
            logger.warning("--> left at once; the server ends the step that it is at")
            raise SystemExit(INTERRUPTED)
        self.is_asked = True
        logger.warning("--> stopping once the present step is done; Ctrl-C again leaves at once")

    def before_operation(self) -> None:
        """End the run, if that was asked for; no host is at work."""
        if self.is_asked:
            self._end()

    def begins(self, host: Host) -> None:
        """Take note of a host that begins an operation."""
        self._working.add(host)

    def ends(self, host: Host) -> None:
        """Take note of a host that is through with one."""
        self._working.discard(host)

    def before_command(self, host: Host) -> None:
        """End the run between two commands, if that was asked for, when each host is at such a point."""
        if self._is_over or not (self.is_asked and self._state.is_executing):
            return
        self._waiting.add(host)
        while self._working - self._waiting:
            gevent.sleep(_POLL)
        self._end()

    def _end(self) -> None:
        """End the run by the first who comes here; from then on, hosts may be asked how they are."""
        while self._is_over:
            gevent.sleep(_POLL)  # until the process ends
        self._is_over = True
        raise SystemExit(INTERRUPTED)


class _Watcher(BaseStateCallback):
    """Tells the `Stop` of a run how far that is."""

    @staticmethod
    def operation_start(state: State, op_hash: str) -> None:
        of(state).before_operation()

    @staticmethod
    def operation_host_start(state: State, host: Host, op_hash: str) -> None:
        of(state).begins(host)

    @staticmethod
    def operation_host_success(state: State, host: Host, op_hash: str, retry_count: int = 0) -> None:
        of(state).ends(host)

    @staticmethod
    def operation_host_error(
        state: State, host: Host, op_hash: str, retry_count: int = 0, max_retries: int = 0
    ) -> None:
        of(state).ends(host)


_STOPS: dict[int, Stop] = {}


def of(state: State) -> Stop:
    """Give the one `Stop` of a run, which listens from then on."""
    key = id(state)
    if key not in _STOPS:
        _STOPS[key] = Stop(state)
    return _STOPS[key]
