"""On the host, and in planning: a certificate for some of the names, where others would fail. Pure."""

import re
from collections.abc import Collection

_FAILED = re.compile(r"^[\s|]*(?:Domain|Identifier): (\S+)$", re.MULTILINE)


def is_worth(covered: Collection[str], proven: Collection[str], *, only_names: bool) -> bool:
    """Say whether a certificate for just these names is better than the present one.

    It is not where a name would lose what it has: one look at it may have failed for a moment.

    Args:
        covered: the names that the present certificate is still good for.
        proven: those that a new one would be for.
        only_names: whether nothing is wrong with the present one but its names.

    """
    gains = not only_names or not set(covered).issuperset(proven)
    return bool(proven) and set(covered).issubset(proven) and gains


def accepted(names: Collection[str], refusal: str) -> "list[str]":
    """List the names that certbot's words say nothing against.

    Args:
        names: what the CA was asked for.
        refusal: certbot's words; those of a challenge have each name in a line of its own.

    """
    failed = set(_FAILED.findall(refusal))
    return [name for name in names if name not in failed and (failed or not _is_in(name, refusal))]


def without(command: "list[str]", names: Collection[str]) -> "list[str]":
    """Take names out of certbot's command line, each with its option."""
    options = {"--domain", "--ip-address"}
    pairs = zip(command, [*command[1:], ""], strict=True)
    out = {i for i, (word, name) in enumerate(pairs) if word in options and name in names}
    return [word for i, word in enumerate(command) if i not in out and i - 1 not in out]


def _is_in(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w.:*@/-]){re.escape(name)}(?![\w-]|[.:]\w)", text, re.IGNORECASE))
