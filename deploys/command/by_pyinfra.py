"""What pyinfra would do nothing for, and call well: told in one line before it connects."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from pyinfra.api.inventory import Inventory

from deploys import invocation
from deploys.command import inventories, naming
from deploys.command.data import parsed
from deploys.command.idle import is_idle
from deploys.command.naming import ROOT
from deploys.command.usage import Wrong, meant
from deploys.command.verbs import VERBS
from deploys.refusal import Refusal

_ENTRIES = {verb.name: ROOT / verb.entry for verb in VERBS}


def guard() -> None:
    """Have what cannot be meant end a run of pyinfra's, non-zero; it reads `config.py` before all else.

    Raises:
        Refusal: a word of the command line is wrong.

    """
    context = click.get_current_context(silent=True)
    if context is None or "operations" not in context.params:
        return
    given = context.params
    for problem in _problems(given):
        raise Refusal(problem)
    # pyinfra has no other place for what comes between its command line and its servers.
    cli: Any = import_module("pyinfra_cli.cli")
    if not hasattr(cli.make_inventory, "__wrapped__"):
        vars(cli).update(
            make_inventory=_seen(cli.make_inventory, given), _do_confirm=_answered(cli._do_confirm)
        )


def _problems(given: Mapping[str, Any]) -> Iterator[str]:
    try:
        parsed(given["data"])
    except Wrong as wrong:
        yield str(wrong)
    if given["dry"] and given["yes"]:
        yield "--dry and -y exclude each other, as -y shows no plan; leave one of them out"
    for folder in given["group_data"]:
        if not Path(folder).exists():
            yield f"--group-data {folder}: is not there"
    if Path(given["inventory"]).resolve() in _ENTRIES.values():
        yield invocation.SWAPPED
    for operation in given["operations"]:
        path = Path(operation)
        if path.suffix == ".py" and path.is_file():
            yield from _no_deploy(operation, path.resolve())


def _no_deploy(written: str, path: Path) -> Iterator[str]:
    """Say of a file that is executed as a deploy that it is none."""
    if path.parent in {ROOT / "inventories", ROOT / "group_data"}:
        yield f"{written}: is no deploy; write one after the inventory: {invocation.BY_PYINFRA}"
    elif path not in _ENTRIES.values() and is_idle(path):
        yield f"{written}: calls nothing, so nothing would be done; {meant(path.stem, [*_ENTRIES])}"


def _seen(make: Callable[..., Inventory], given: Mapping[str, Any]) -> Callable[..., Inventory]:
    """Have an inventory looked at as `gatehouse` does, and one without hosts be refused."""

    @wraps(make)
    def make_or_refuse(
        word: str, override_data: Any = None, cwd: Any = None, group_data_directories: Any = None
    ) -> Inventory:
        path = Path(word)
        try:
            if path.is_file():
                found = inventories.load(path.resolve(), override_data or {}, group_data_directories or ())
            elif path.exists() or path.suffix == ".py" or word in naming.names():
                raise Wrong(_no_inventory(word))
            else:
                found = make(word, override_data, cwd, group_data_directories)
            if not len(found):
                raise Wrong(_no_inventory(word))
            inventories.chosen(found, path, given["limit"] or (), given["exclude"] or ())
        except Wrong as wrong:
            raise Refusal(str(wrong)) from None
        return found

    return make_or_refuse


def _no_inventory(word: str) -> str:
    """Say what to write instead of a word that pyinfra takes for no hosts."""
    found = naming.find(word, Path.cwd())
    return f"{word!r} is no inventory to pyinfra; write {naming.from_clone(found)}"


def _answered(ask: Callable[[str], bool]) -> Callable[[str], bool]:
    """Have no run be a success that was not to go on; of hosts that fail, pyinfra asks and tells itself."""

    def ask_or_refuse(message: str) -> bool:
        is_first = message.startswith("Detected changes")
        try:
            is_confirmed = ask(message)
        except EOFError:
            if not is_first:
                return False
            raise Refusal(
                "nobody answered, nothing was changed; add -y to go on without a question"
            ) from None
        if is_first and not is_confirmed:
            raise Refusal("that is no yes, nothing was changed; just press Enter to go on")
        return is_confirmed

    return ask_or_refuse
