"""Completion of `gatehouse` in shells: each asks the command itself for the words that fit. Pure."""

from collections.abc import Iterable

from deploys.command.arguments import SHELLS
from deploys.command.verbs import COMPLETION, VERBS, Verb, names

ASK = "--complete"
"""With it, the command lists what may stand in the place of the last word."""

_SCRIPTS = {
    "bash": """\
_gatehouse() {
    mapfile -t COMPREPLY < <("${COMP_WORDS[0]}" --complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _gatehouse gatehouse ./gatehouse
""",
    "zsh": """\
_gatehouse() {
    local -a found
    found=("${(@f)$("${words[1]}" --complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    compadd -a found
}
compdef _gatehouse gatehouse ./gatehouse
""",
    "fish": """\
function __gatehouse
    set -l words (commandline -opc)
    $words[1] --complete $words[2..] (commandline -ct) 2>/dev/null
end
complete -c gatehouse -f -a '(__gatehouse)'
""",
}


def script(shell: str) -> str:
    """Give what a shell has to read."""
    return _SCRIPTS[shell]


def fitting(words: list[str], inventories: Iterable[str]) -> list[str]:
    """List what may stand in the place of the last word.

    Args:
        words: what was written after `gatehouse`, the last one being unfinished.
        inventories: the names of those that are there.

    """
    *before, last = words or [""]
    return sorted(word for word in _all(before, last, inventories) if word.startswith(last))


def _all(before: list[str], last: str, inventories: Iterable[str]) -> Iterable[str]:
    if not before:
        return [*names(), "--help"]
    if before[0] == COMPLETION:
        return SHELLS
    chosen = next((one for one in VERBS if one.name == before[0]), None)
    if chosen is None:
        return ()
    if last.startswith("-"):
        return _flags(chosen)
    given = [word for word in before[1:] if not word.startswith("-")]
    positional = [one.values for one in chosen.options if one.is_positional]
    places = [tuple(inventories), *positional]
    return places[len(given)] if len(given) < len(places) else ()


def _flags(chosen: Verb) -> list[str]:
    changing = ["--dry", "--diff", "--yes"] if chosen.changes else []
    own = [f"--{one.key}" for one in chosen.options if not one.is_positional]
    return [*own, *changing, "--limit", "--exclude", "--data", "--verbose", "--help"]
