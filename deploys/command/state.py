"""What pyinfra keeps of a run, made ready for one."""

from collections.abc import Mapping
from pathlib import Path

import pyinfra
from paramiko import PKey
from pyinfra.api.config import Config
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.inventory import Inventory
from pyinfra.api.state import State
from pyinfra.context import ctx_config, ctx_inventory, ctx_state
from pyinfra_cli.util import exec_file

from deploys.command import reach
from deploys.command.arguments import Command
from deploys.command.mistakes import told
from deploys.command.naming import ROOT
from deploys.command.usage import Wrong


def new(command: Command) -> State:
    """Make it; files of the user's cannot be executed without it."""
    pyinfra.is_cli = True  # operations come in the order of the deploys' own lines, as with its own command
    state = State(check_for_changes=command.shows_plan)
    state.cwd = str(ROOT)
    ctx_state.set(state)
    return state


def initialise(
    state: State, command: Command, inventory: Inventory, hosts: list[Host], keys: Mapping[str, PKey]
) -> None:
    """Have it know what is to be done, for which hosts, and by which private keys.

    Raises:
        Wrong: pyinfra's own settings are wrong, or what the inventory says of how hosts are reached.

    """
    config = Config()
    ctx_config.set(config)
    _read_config(config)
    config.DIFF = command.diff
    config.lock_current_state()
    ctx_inventory.set(inventory)
    try:
        state.init(inventory, config, initial_limit=hosts)
    except PyinfraError as error:  # as for connection data of the wrong type
        raise Wrong(str(error)) from None
    state.private_keys.update(keys)
    reach.guard()
    state.print_output = True
    state.print_noop_info = command.verbose


def _read_config(config: Config) -> None:
    """Take pyinfra's own settings from where pyinfra takes them."""
    path = Path(ROOT, "config.py")
    if path.exists():
        try:
            exec_file(str(path))
        except Exception as error:  # whatever is wrong in a user's file
            raise Wrong(told(error, path, ROOT)) from None
