"""One run: connect, plan, ask, act, and tell how it ended."""

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Its first lines make the standard library gevent's, before all else.
import pyinfra_cli  # noqa: F401  # isort: skip

import gevent
from gevent.hub import Hub
from pyinfra import logger
from pyinfra.api.connect import connect_all, disconnect_all
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.operations import run_ops
from pyinfra.api.output import set_echo
from pyinfra.api.state import State, StateStage
from pyinfra.context import ctx_config, ctx_host
from pyinfra_cli.exceptions import UnexpectedExternalError
from pyinfra_cli.util import exec_file, parse_cli_arg

from deploys import connection, ending, invocation, pace, saying, stopping, sudo, terminal
from deploys.command import inventories, question, reach, refusals, streams
from deploys.command import state as states
from deploys.command.arguments import Command
from deploys.command.mistakes import told
from deploys.command.naming import ROOT
from deploys.command.screen import Log, Progress, Screen
from deploys.command.usage import Wrong
from deploys.exit_codes import ALL_WELL, FAILED, INTERRUPTED, WRONG
from deploys.overview import overview
from deploys.overview.operations import gather, tell_all
from deploys.refusal import Refusal
from deploys.session import Ended

_SILENT = "did not answer as it was looked at, and did not say why"


def run(command: Command, path: Path) -> int:
    """Do what a command says for the hosts of an inventory, and give the exit code.

    Raises:
        Wrong: a file or a setting of the user's is not right; nothing was changed.

    """
    pace.keep()
    # Or gevent shows Ctrl-C in its own way before we do.
    quiet: Any = Hub
    quiet.NOT_ERROR = (*Hub.NOT_ERROR, KeyboardInterrupt)
    if command.verb.attaches:
        streams.end_with_reader()
    invocation.by_command(command.inventory)
    state = states.new(command)
    # A verb's own words are texts: `false` may be a command.
    own = {option.key for option in command.verb.options}
    data = {key: value if key in own else parse_cli_arg(value) for key, value in command.data.items()}
    inventory = inventories.load(path, data)
    hosts = inventories.chosen(inventory, path, command.limit, command.exclude)
    refused, keys = refusals.before_connecting(inventory, hosts, command.verb)
    refusals.take_note(refused, hosts, command.verb)
    fit = [host for host in hosts if host not in refused]
    states.initialise(state, command, inventory, fit, keys)
    return Run(command, state, hosts, refused, Screen(is_verbose=command.verbose)).go()


class Run:
    """A run of one verb for some hosts."""

    def __init__(
        self, command: Command, state: State, hosts: list[Host], refused: dict[Host, str], screen: Screen
    ) -> None:
        self._command = command
        self._screen = screen
        os.environ["PYINFRA_PROGRESS"] = "off"  # its own line of what is under way, in the place of ours
        self._progress = Progress(screen, looks=command.verb.looks, ticks=not command.verb.attaches)
        self._log = Log(screen, self._progress)
        self._state = state
        self._state.add_callback_handler(self._progress)
        self._hosts = hosts
        self._refused = refused
        terminal.guard(folds=False)  # before our own ear for what programs say takes the place of its
        sudo.guard()
        set_echo(self._hear)
        logger.handlers[:] = [self._log]
        logger.setLevel(logging.INFO)
        logger.propagate = False
        # It has no handler of its own, and Python then shows what it logs, tracebacks included.
        logging.getLogger("paramiko").addHandler(logging.NullHandler())
        self._stop = stopping.of(self._state)

    def go(self) -> int:
        """Do it, and give the exit code."""
        try:
            self._connect()
            if self._state.active_hosts:
                self._prepare()
            if not self._state.active_hosts:
                if self._command.verb.tells_all:
                    tell_all(self._state, as_json="json" in self._command.data)
                return self._failed()
            if not self._is_wanted():
                return self._end()
            self._act()
            return self._end()
        except SystemExit as end:
            if end.code != INTERRUPTED or isinstance(end, Ended):
                raise
            return self._interrupted()
        finally:
            self._progress.end()
            disconnect_all(self._state)

    def _connect(self) -> None:
        self._state.set_stage(StateStage.Connect)
        terminal.show(
            f"  connecting to {', '.join(host.name for host in self._hosts if host not in self._refused)}"
        )
        try:
            connect_all(self._state)
        except PyinfraError as error:
            if self._state.active_hosts:
                raise Wrong(str(error)) from None
        for host in self._hosts:
            if not (host.connected or host in self._refused):
                words = reach.in_words(host, self._progress.unreached.get(host.name, "nothing was said"))
                connection.UNREACHED[host.name] = words
                if not self._command.verb.tells_all:
                    self._screen.bad(f"{host.name}: {words}")

    def _prepare(self) -> None:
        self._state.set_stage(StateStage.Prepare)
        terminal.show("  looking at what is there")
        jobs = {
            self._state.pool.spawn(self._load, host): host
            for host in self._state.inventory.get_active_hosts()
        }
        gevent.joinall(list(jobs))
        refused = {host: job.value for job, host in jobs.items() if isinstance(job.value, str)}
        answering = {*self._state.active_hosts, *refused}
        self._refused |= refused
        refusals.take_note(self._refused, self._hosts, self._command.verb)
        self._state.active_hosts -= {*refused}
        if lost := [host for host in jobs.values() if host not in answering]:
            self._tell_of_facts(lost)
        self._progress.end()

    def _load(self, host: Host) -> str | None:
        """Have a host's operations planned; what it refuses is given back."""
        entry = str(ROOT / self._command.verb.entry)
        try:
            with ctx_config.use(self._state.config.copy()), ctx_host.use(host):
                exec_file(entry)
        except Refusal as refusal:
            # To whoever did not answer, pyinfra gives the words of a bare machine, which then are refused.
            return str(refusal) if host in self._state.active_hosts else None
        except PyinfraError as error:
            if host not in self._state.active_hosts:  # of the last one, pyinfra says that none is left
                return None
            return self._without_answer(host, str(error))
        except UnexpectedExternalError as error:
            return f"{host.name}: a mistake of gatehouse's own: {told(error, ROOT, ROOT)}; please report it"
        return None

    def _without_answer(self, host: Host, error: str) -> str:
        said = self._progress.said.pop(host.name, [])
        return f"{host.name}: {said[-1] if said else error}"

    def _tell_of_facts(self, hosts: Iterable[Host]) -> None:
        for host in hosts:
            self._progress.failed[host.name].append("looking at what is there")
            if self._command.verb.tells_all:
                why = self._without_answer(host, _SILENT).removeprefix(f"{host.name}: ")
                gather(host.name, overview.unreached(why))
            else:
                self._screen.bad(self._without_answer(host, _SILENT))

    def _is_wanted(self) -> bool:
        """Show the plan, where one is wanted, and say whether it is to be carried out."""
        command = self._command
        if not command.shows_plan:
            return True
        plan = {host: self._planned(host) for host in self._state.inventory.get_active_hosts()}
        for host, operations in plan.items():
            self._show_plan(host, operations)
        if command.dry or not any(plan.values()):
            return False
        question.ask(self._screen.say)
        return True

    def _planned(self, host: Host) -> list[str]:
        found = []
        with ctx_host.use(host):
            for key in self._state.get_op_order():
                if key in self._state.ops[host] and self._state.ops[host][key].operation_meta.will_change:
                    found.append(", ".join(self._state.get_op_meta(key).names))
        return found

    def _show_plan(self, host: Host, operations: list[str]) -> None:
        if not operations:
            if self._command.dry:
                self._screen.say(f"{host.name}: no changes")
            return
        for line in self._progress.foretell(host.name):
            self._screen.say(f"  {line}")
        would = "would" if self._command.dry else "will"
        what = "try" if self._command.only_tries else "change"
        self._screen.say(f"{host.name} {would} {what}:")
        for operation in operations:
            self._screen.say(f"  {operation}")

    def _act(self) -> None:
        self._state.set_stage(StateStage.Execute)
        self._log.is_executing = True
        try:
            run_ops(self._state)
        except PyinfraError as error:
            if self._state.active_hosts:  # else it says that no host is left, which is told host by host
                raise Wrong(str(error)) from None

    def _end(self) -> int:
        self._progress.end()
        if self._command.changes:
            for host in self._hosts:
                (self._tell if ending.is_told(host) else self._tell_if_as_before)(host)
        has_failed = self._state.failed_hosts or connection.UNREACHED or any(self._progress.failed.values())
        if has_failed:
            return self._failed()
        return WRONG if self._refused else ALL_WELL

    def _tell(self, host: Host) -> None:
        changed, failed = self._progress.changed[host.name], self._progress.failed[host.name]
        self._screen.say(f"{host.name}: {_summed_up(len(changed), failed)}")
        for line in ending.of(host, is_changed=bool(changed or failed)):
            self._screen.say(f"  {line}")
        for line in self._progress.to_do[host.name]:
            self._screen.say(f"  to do: {line}")
        if changed or failed:
            onward = [f"look: {invocation.line('status')}", *ending.onward(host)]
            self._screen.say(f"  {'   '.join(onward)}")

    def _tell_if_as_before(self, host: Host) -> None:
        """Say of a host that was reached that nothing had to be done there, and why."""
        if host in self._state.activated_hosts and not (
            self._progress.changed[host.name] or self._progress.failed[host.name]
        ):
            self._screen.say(f"{host.name}: no changes")
            for line in self._progress.notes.pop(host.name, []):
                self._screen.say(f"  {line}")

    def _failed(self) -> int:
        failed = {name for name, operations in self._progress.failed.items() if operations}
        hosts = {*self._state.failed_hosts, *self._refused}
        names = {*failed, *connection.UNREACHED, *(host.name for host in hosts)}
        if len(self._hosts) > 1:
            self._screen.bad(f"failed: {', '.join(sorted(names))}")
        return FAILED

    def _interrupted(self) -> int:
        self._progress.end()
        if self._state.is_executing:
            for host in sorted(self._state.activated_hosts, key=lambda host: host.name):
                done = ", ".join(self._progress.changed[host.name]) or "nothing"
                self._screen.note(f"{host.name}: stopped; done: {done}")
                for line in ending.of(host, is_changed=True):
                    self._screen.note(f"  {line}")
            self._screen.note("The next run goes on from there, and does what is left.")
        return INTERRUPTED

    def _hear(self, message: object = None, **_: object) -> None:
        """Take note of what a program says while it is at work."""
        for host in self._hosts:
            if str(message).startswith(host.print_prefix):
                self._progress.say(host.name, str(message).removeprefix(host.print_prefix))


def _summed_up(changed: int, failed: list[str]) -> str:
    done = f"{changed} {'change' if changed == 1 else 'changes'}" if changed else "no changes"
    failed = [one for one in failed if not saying.is_of_all(one)] or failed
    return f"failed at {', '.join(failed)}; {done} besides" if failed else done
