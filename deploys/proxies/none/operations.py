"""Having a load balancer led to apps."""

from collections.abc import Callable, Generator, Iterator, Mapping
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation
from pyinfra.context import host, state

from deploys import looks, remote
from deploys.base.files import File, plain, show
from deploys.firewall import front
from deploys.looks import Look
from deploys.places.front import SETTINGS
from deploys.proxies import facts
from deploys.proxies.none.onhost import in_use, live
from deploys.proxies.none.onhost import look as look_onhost


class InUse(facts.InUse):
    """The slots to which the ways lead."""

    module: ClassVar[ModuleType] = in_use


def look() -> Look:
    """Look at what there is, and whether the kernel leads as it should."""
    paths = [*(file.path for file in front.kept()), SETTINGS]
    return Look(look_onhost, {"look": paths, "contents": paths if state.config.DIFF else []}, bare={})


@operation()
def make_live(files: Callable[[], Mapping[str, str]]) -> Generator[StringCommand, None, None]:
    """Have the kernel lead to the apps as the settings say, whole or not at all.

    Args:
        files: gives contents by path.

    """
    found = looks.at(look())
    wanted = [*front.kept(), *(File(path, content) for path, content in files().items())]
    changed = [file for file in wanted if not file.is_as(found.get("files", {}).get(file.path))]
    if found and not changed and all(found[key] for key in ("leading", "open", "enabled")):
        host.noop("the load balancer is led to the apps")
        return
    if state.config.DIFF:
        for file in changed:
            show(file, found.get("files", {}).get(file.path))
        for reason in reasons(found, changed):
            logger.info("%sWill %s", host.print_prefix, reason)
    yield remote.run(live, {"files": [plain(file) for file in wanted]})


def reasons(found: Mapping[str, Any], changed: list[File]) -> Iterator[str]:
    """Say what will be done beside writing files; nothing where nothing leads anywhere yet.

    Args:
        found: what the host said.
        changed: the files that differ.

    """
    if not found or not found["files"].get(SETTINGS):
        return
    if not found["open"] or (not found["leading"] and not changed):
        yield "open the ways from the load balancer, which do not lead as they should"
    if not found["enabled"]:
        yield "have systemd open them at boot"
