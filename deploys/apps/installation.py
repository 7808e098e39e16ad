"""How dependencies get into an environment: the lines of script, and what they are told of. Pure."""

import shlex
from dataclasses import dataclass

from deploys.apps.pythons import Wanted


@dataclass(frozen=True)
class Installation:
    """How the dependencies get into the environment."""

    script: list[str]
    """The lines that make the environment and install them."""
    words: str
    """What is installed, for whoever reads the plan."""
    has_project: bool = False
    """Whether the project itself is installed, so that its modules are found wherever they are."""
    is_empty: bool = False
    """Whether nothing is asked for, as far as files say so."""
    place: str = ""
    """The directory of the source in which they run; empty for the source's own."""


def make_environment(wanted: Wanted | None) -> str:
    """Give the line that makes the environment, of the Python that is wanted or else of the machine's."""
    return wanted.make if wanted else 'uv venv --quiet "$VIRTUAL_ENV"'


def written(lines: list[str], file: str) -> str:
    """Give the line of script that writes lines to a file, which is a word of the shell."""
    return f"printf '%s\\n' {' '.join(map(shlex.quote, lines))} > {file}"
