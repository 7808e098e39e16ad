"""Which versions of CPython 3 are asked for, in the words of whoever asks, and as uv reads it. Pure.

What uv reads is a version, like `3.12`, or specifiers as PEP 440 has them, like `>=3.11,<4`. It knows no
"or", which Poetry does: of such alternatives each stands for itself, with `||` between them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from deploys.apps.formats import Unreadable

ANY = ""
"""What asks for none."""
_OR = " || "
_LONGEST = 200
"""Characters of what says which Pythons will do; nobody writes more, and it is read in many ways at once."""
_MOST = 20
"""Alternatives in one constraint: each is tried by itself."""
_WORD = re.compile(r"(?:c?python[-@]?)?(3(?:\.\d{1,3}){0,2}(?:(?:a|b|rc)\d{1,3})?)")
_FREE_THREADED = re.compile(r"[\w.@-]*3(?:\.\d+)*(?:t|\+freethreaded)")
_OPERATORS = ("<", ">", "=", "!", "~")
_POETRY_S = re.compile(r"(\^|~=|~|<>|!=|==?|[<>]=?|)(v?\d[\w.+-]*)((?:\.\*)*)")


def of_word(text: str) -> str:
    """Read what tools write that know versions by their names: one of them, or specifiers.

    Raises:
        Unreadable: it names none.

    """
    word = text.strip()
    if word in {"*", "any"}:
        return ANY
    if word.startswith(_OPERATORS):
        return of_specifiers(word)
    if len(word) <= _LONGEST and _FREE_THREADED.fullmatch(word):
        raise Unreadable("is free-threaded, and apps run with the usual CPython")
    if not (found := _WORD.fullmatch(word)):
        raise Unreadable("is no version of CPython 3")
    return found[1]


def of_specifiers(text: str) -> str:
    """Read specifiers as PEP 440 has them.

    Raises:
        Unreadable: there are none, or no version of CPython 3 is one of them.

    """
    return _possible([_specifiers(_short(text))])


def of_poetry(text: str) -> str:
    """Read a constraint as Poetry has it, in the words of PEP 440.

    Raises:
        Unreadable: it is none, or no version of CPython 3 is one of them.

    """
    if _short(text) == "*":
        return ANY
    found = re.split(r"\|\|?", text)
    if len(found) > _MOST:
        raise Unreadable(f"has more than {_MOST} alternatives")
    return _possible([_all_of(each) for each in found])


def alternatives(request: str) -> list[str]:
    """Give what uv can read, each by itself, what allows newer versions first."""
    found = request.split(_OR)
    edges = sorted(_edges(request))
    return sorted(found, key=lambda each: [allows(each, edge) for edge in reversed(edges)], reverse=True)


def allows(request: str, version: Version) -> bool:
    """Say whether a version is one of those."""
    return any(_set(each).contains(version, prereleases=True) for each in request.split(_OR))


def implies(request: str, other: str) -> bool:
    """Say whether the one allows no version that the other does not."""
    edges = _edges(request) | _edges(other)
    return all(allows(other, edge) for edge in edges if allows(request, edge))


def both(request: str, other: str) -> str:
    """Give what allows a version that both do.

    Raises:
        Unreadable: there is none.

    """
    pairs = product(request.split(_OR), other.split(_OR))
    return _possible([",".join(filter(None, map(_as_specifiers, pair))) for pair in pairs])


def _short(text: str) -> str:
    if len(text.strip()) > _LONGEST:
        raise Unreadable(f"has more than {_LONGEST} characters")
    return text.strip()


def _specifiers(text: str) -> str:
    try:
        for specifier in SpecifierSet(text):
            Version(specifier.version.removesuffix(".*"))
    except (InvalidSpecifier, InvalidVersion):
        raise Unreadable("cannot be read") from None
    return ",".join(filter(None, re.sub(r"\s", "", text).split(",")))


def _possible(found: list[str]) -> str:
    """Leave out what allows nothing, as what is for Python 2 does, and nothing more than another."""
    possible = [each for each in found if any(allows(each, edge) for edge in _edges(each))]
    if not possible:
        raise Unreadable("allows no version of CPython 3")
    kept: list[str] = []
    for each in possible:
        if not any(implies(each, other) for other in kept):
            kept = [*(other for other in kept if not implies(other, each)), each]
    return _OR.join(kept)


def _all_of(text: str) -> str:
    """Read those of Poetry's constraints that hold together, with commas or spaces between them."""
    close = re.sub(r"([\^~=<>])\s+", r"\1", text.strip().rstrip(",").rstrip())
    return ",".join(filter(None, map(_of_poetry, re.split(r"\s*,\s*|\s+", close))))


def _of_poetry(constraint: str) -> str:
    if constraint == "*":
        return ANY
    if not (found := _POETRY_S.fullmatch(constraint)):
        raise Unreadable("cannot be read")
    operator, text, stars = found.groups()
    try:
        version = Version(text)
    except InvalidVersion:
        raise Unreadable("cannot be read") from None
    if stars and operator in {"^", "~", "~="}:
        raise Unreadable("cannot be read")
    parts = len(version.release)
    if operator == "^" or (operator in {"~", "~="} and parts == 1):
        return f">={version},<{version.major + 1}"
    if operator == "~":
        return f">={version},<{version.major}.{version.minor + 1}"
    operator = {"<>": "!=", "=": "==", "": "=="}.get(operator, operator)
    # Of `3.11` alone, or with an equals sign, Poetry makes a package for each patch of it.
    whole = operator == "==" and parts < 3 and not version.is_prerelease
    is_equal = operator in {"==", "!="}
    return _specifiers(f"{operator}{version}{'.*' if whole or (stars and is_equal) else ''}")


def _as_specifiers(alternative: str) -> str:
    """Write a version as what is compared with one: `3.12` is each patch of it."""
    if not alternative[:1].isdigit():
        return alternative
    version = Version(alternative)
    return f"=={version}{'' if len(version.release) == 3 or version.is_prerelease else '.*'}"


@lru_cache(maxsize=1000)
def _set(alternative: str) -> SpecifierSet:
    return SpecifierSet(_as_specifiers(alternative))


def _edges(request: str) -> set[Version]:
    """Give versions of which one is in each range that what is written here can part from the others."""
    return set(filter(lambda version: version.major == 3, _versions(request)))


def _versions(request: str) -> Iterator[Version]:
    yield Version("3.0.0")
    for specifier in (each for one in request.split(_OR) for each in _set(one)):
        version = Version(specifier.version.removesuffix(".*"))
        major, minor, patch = version.major, version.minor, version.micro
        yield version
        for edge in ((minor, patch), (minor, patch + 1), (minor + 1, 0)):
            yield Version(".".join(map(str, (major, *edge))))
