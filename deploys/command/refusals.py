"""What is refused, by host: found before anything connects, and told once for all of them."""

from collections.abc import Iterable, Mapping, Sequence

from paramiko import PKey
from pyinfra.api.host import Host

from deploys import connectors
from deploys.command import reach
from deploys.command.usage import Wrong
from deploys.command.verbs import Verb
from deploys.load import REFUSED, settings, settings_if_any
from deploys.overview import overview
from deploys.overview.operations import gather
from deploys.refusal import Refusal


def before_connecting(
    inventory: Iterable[Host], hosts: Iterable[Host], verb: Verb
) -> tuple[dict[Host, str], dict[str, PKey]]:
    """Find the hosts that nothing can be done for, as far as this machine alone can say, and why.

    Args:
        inventory: all hosts.
        hosts: those of the run.
        verb: what is to be done.

    Returns:
        Those hosts, and the private keys for the others, opened.

    Raises:
        Wrong: pyinfra cannot begin with what the inventory says, whichever hosts the run is for.

    """
    if unusable := {host: problems for host in inventory if (problems := _unusable(host))}:
        raise Wrong(_told_once(unusable))
    keys: dict[str, PKey] = {}
    read = settings_if_any if verb.may_lack_settings else settings
    refused = {}
    for host in hosts:
        lines = [f"{host.name}: {problem}" for problem in reach.problems(host, keys)]
        try:
            read(host, *verb.words)
        except Refusal as refusal:
            lines.append(str(refusal))
        if lines:
            refused[host] = "\n".join(lines)
    return refused, keys


def _unusable(host: Host) -> str:
    return "\n".join(f"{host.name}: {problem}" for problem in connectors.unusable(host))


def take_note(refused: Mapping[Host, str], hosts: Sequence[Host], verb: Verb) -> None:
    """Have what hosts refuse be told beside how the others are, where that is what a run is for.

    Raises:
        Wrong: it is not, or no other host is left.

    """
    others = [host for host in hosts if host not in refused]
    if refused and not (verb.tells_all and others):
        raise Wrong(_told_once({host: refused[host] for host in hosts if host in refused}))
    for host, text in refused.items():
        lines = [line.removeprefix(f"{host.name}: ") for line in text.splitlines() if line != REFUSED]
        gather(host.name, overview.refused(lines, reached=host.connected))


def _told_once(refusals: Mapping[Host, str]) -> str:
    """Give each line once, for all the hosts that it is about."""
    about: dict[str, list[str]] = {}
    for host, text in refusals.items():
        for line in text.splitlines():
            named = line.startswith(f"{host.name}: ")
            words = line.removeprefix(f"{host.name}: ")
            about.setdefault(words, []).extend([host.name] if named else [])
    return "\n".join(
        f"{', '.join(dict.fromkeys(names))}: {words}" if names else words for words, names in about.items()
    )
