"""Command lines: words, quoted where they must be, that no shell reads."""

import re
import shlex
from typing import Annotated

from deploys.config import guesses
from deploys.config.fields import line
from deploys.config.kinds import text

GIVEN = ("PORT", "GATEHOUSE_PREFIX", "GATEHOUSE_RELEASE", "GATEHOUSE_SLOT")
"""What the command of a container may name with a dollar sign."""
_NAMES_GIVEN = re.compile(rf"\$(?:(?:{'|'.join(GIVEN)})\b|\{{(?:{'|'.join(GIVEN)})\}})")

_OF_A_SHELL = {
    "cd": "write sh -c 'cd … && …', as each command begins in the same directory",
    "exec": "leave it out",
    "export": 'write the variable into "env"',
    "set": "write sh -c 'set …; …'",
    "source": "leave it out: the programs of the app's environment are found by their names",
    "ulimit": 'write "limits"',
    "umask": "write sh -c 'umask …; …'",
}
_OF_A_SHELL["."] = _OF_A_SHELL["source"]
"""Words that are no programs, and what to write in place of a command that begins with one."""


def _contained_command(value: str) -> str:
    _command(_NAMES_GIVEN.sub("given", value))
    return value


def _command(value: str) -> str:
    try:
        words = shlex.split(line(value))
    except ValueError as error:
        raise ValueError(f"write one command line as for a shell ({str(error).lower()})") from None
    if not words or not words[0]:
        raise ValueError("write a command")
    tokens = shlex.shlex(value, posix=False, punctuation_chars="();<>|&")
    tokens.whitespace_split = True
    for token in tokens:
        if token[0] not in "'\"" and set(token) & set("();<>|&$`"):
            raise ValueError(f"no shell reads this: quote {token}, or write sh -c '…'")
    if guesses.ASSIGNMENT.match(value):
        raise ValueError(f"no shell reads this: write env before {words[0].partition('=')[0]}=…")
    if words[0] in _OF_A_SHELL:
        raise ValueError(f"no shell reads this, and {words[0]!r} is no program: {_OF_A_SHELL[words[0]]}")
    return value


_WRITE = "write a command line, as one text in quotes"

Command = Annotated[str, text(_command, _WRITE, guesses.command)]
"""A command line: words, quoted where they must be; no shell reads it."""

ContainedCommand = Annotated[str, text(_contained_command, _WRITE, guesses.command)]
"""A command line in which some of what gatehouse gives a container is named."""
