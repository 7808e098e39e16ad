"""Build a release of an image, run it, or run a command in it; the words say which."""

import sys

from .build import build
from .contained import from_environment
from .supervise import attach, supervise


def main() -> None:
    """Do what the first word says, with the others."""
    verb, *words = sys.argv[1:]
    match verb:
        case "build":
            build(words[0])
        case "serve":
            supervise(from_environment(), [], serves=True)
        case "run":
            supervise(from_environment(), words)
        case "attach":
            attach(from_environment(), words)
