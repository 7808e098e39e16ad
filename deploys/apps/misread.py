"""Lines of a file of requirements that uv does not take, as of pip's and conda's, or that are none. Pure."""

import re
from collections.abc import Iterator

from packaging.requirements import InvalidRequirement, Requirement

from deploys.apps.lists import Entry
from deploys.apps.source import LONGEST
from deploys.config import guesses
from deploys.onhost.words import shown

Found = tuple[str, str]
"""What was found, and the remedy."""

_OPTIONS = {
    *("--extra-index-url", "--find-links", "--index-url", "--no-binary", "--no-index", "--only-binary"),
    *("--pre", "--prefer-binary", "--require-hashes", "--trusted-host", "--use-feature"),
}
"""Those that uv takes or passes over, besides the ones that name a file."""
_WORD_OF_OPTION = re.compile(r"--?[\w-]*")
_BEHIND = re.compile(r"\s(--(?!hash\b)[\w-]+)")
_HASHES = re.compile(r"\s--hash\b.*")
_BEFORE_ANOTHER = re.compile(r"((?:[<>]=?|[!~=]=)\s?\d[\w.*+]*)\s?(?=[<>]|[!~=]=)")
"""A comparison that another one follows without a comma."""
_STARS = re.compile(r"(\s?[<>]=?\s?\d[\w.]*?)\.[*xX](?![\w.])")
_ANY_VERSION = re.compile(r"\s?[=~<>!]=\s?(?:latest|\*|any)(?![\w.])")
_IS_ELSEWHERE = re.compile(r"[@/\\:$]|^\.|\.(?:whl|zip|tar\.gz)$")
"""What a path or a URL has, and no package's name and version."""
_REQUIREMENT = re.compile(r"[A-Za-z0-9][\w.-]*\s?(?:(?:\(|[<>=!~]=|[<>]).*)?")
_OF_CONDA = re.compile(r"([A-Za-z0-9][\w.-]*)\s?=\s?(\d[\w.+!]*)(?:=\S*)?")
_HEAD_OF_A_TABLE = "Package Version"
_FROZEN = "write the list by `pip list --format=freeze`"
_AS_USUAL = "write one requirement in a line, like idna==3.7"


def in_entry(entry: Entry) -> Found | None:
    """Find it in an entry of a file of requirements."""
    if found := _look(entry):
        what, remedy = found
        return f"{what} in {entry.file}", remedy
    return None


def _look(entry: Entry) -> Found | None:
    line = repr(shown(entry.line, 100))
    if entry.option:
        is_url = entry.option == "-e" and "://" in entry.value and not entry.value.startswith("file:")
        return (line, "write it without -e, which is for directories alone") if is_url else None
    if entry.value.startswith("-") and not entry.value.startswith("- "):
        option = _WORD_OF_OPTION.match(entry.value)
        return (
            None if option and option[0] in _OPTIONS else (line, "take the line out: uv has no such option")
        )
    if behind := _BEHIND.search(entry.line):
        return line, f"take {behind[1]} out: uv knows no option behind a requirement but --hash"
    return None if _IS_ELSEWHERE.search(entry.value) else _look_at_requirement(entry, line)


def _look_at_requirement(entry: Entry, line: str) -> Found | None:
    asked = _HASHES.sub("", entry.line)
    is_one = bool(_REQUIREMENT.fullmatch(entry.value))
    if is_one and (len(asked) > LONGEST or _is_valid(asked)):
        return None
    found = f"{line}, which uv cannot read," if is_one else f"{line}, which is no requirement,"
    near = _near(asked) if len(asked) <= LONGEST else ()
    if meant := next((each for each in near if each != asked and _is_valid(each)), None):
        return found, f"did you mean {meant!r}?"
    return found, _AS_USUAL if is_one else _remedy(entry)


def _is_valid(requirement: str) -> bool:
    try:
        Requirement(requirement)
    except InvalidRequirement:
        return False
    return True


def _near(requirement: str) -> Iterator[str]:
    """Give what may be meant by versions that older programs took, or by two signs in the wrong order."""
    turned = requirement.replace("=>", ">=").replace("=<", "<=")
    parted = _BEFORE_ANOTHER.sub(r"\1,", turned)
    yield from (turned, parted, _STARS.sub(r"\1", parted), _ANY_VERSION.sub("", parted))


def _remedy(entry: Entry) -> str:
    if entry.line == _HEAD_OF_A_TABLE:
        return _FROZEN
    if of_conda := _OF_CONDA.fullmatch(entry.value):
        return f"did you mean {f'{of_conda[1]}=={of_conda[2]}'!r}? What conda has is not there: {_FROZEN}"
    guess = guesses.requirement(entry.value)
    return f"did you mean {guess!r}? {_AS_USUAL}" if guess else _AS_USUAL
