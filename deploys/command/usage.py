"""How a wrong command is told of: in one line, with what would be right."""

from collections.abc import Iterable
from difflib import get_close_matches


class Wrong(Exception):
    """A command or a file that cannot be meant as it is; ends with `exit_codes.WRONG`."""


def meant(word: str, known: Iterable[str]) -> str:
    """Say which of the known words was probably meant, or else which there are."""
    names = sorted(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]}?"
    return f"there are: {', '.join(names)}" if names else "there are none"
