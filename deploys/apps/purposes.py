"""Whether a file, a group or a table is for an app that serves, as far as its name says. Pure."""

import re

_FOR_OTHERS = re.compile(
    r"(?:^|[/_.-])(?:tests?|testing|dev\w*|docs?|lint\w*|ci|examples?|typ(?:es|ing)|mypy|format\w*|style|cov\w*"
    r"|bench\w*|build|release|local)(?:[/_.-]|$)"
)


def is_for_use(name: str) -> bool:
    """Say whether it is for more than development, tests or documentation."""
    return not _FOR_OTHERS.search(name)
