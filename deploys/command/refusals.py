"""What hosts refuse, by host: how it is told of several. Pure."""

from collections.abc import Mapping

from pyinfra.api.host import Host

from deploys.load import REFUSED


def told_once(refusals: Mapping[Host, str]) -> str:
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


def own_lines(host: Host, text: str) -> list[str]:
    """Give the lines of a refusal for a place that is the host's anyway."""
    return [line.removeprefix(f"{host.name}: ") for line in text.splitlines() if line != REFUSED]
