"""Which files have a digest of their content in their names, so that clients may keep them for good. Pure.

A digest of eight letters may as well be a word. So the rules are in order, the first that matches counts,
and what is a word is no digest: at worst, clients ask each time for a file that never changes. Each proxy
gets the patterns as they are: none looks ahead, which not all can, nor goes back and forth in a long path.
"""

from collections.abc import Iterator
from typing import NamedTuple

IMMUTABLE = "max-age=31536000, immutable"
"""How long clients keep a file with a digest."""

ASKED_FOR = "no-cache"
"""How long they keep others: until they have asked whether it has changed."""


class Rule(NamedTuple):
    """What paths of files are like."""

    pattern: str
    is_digest: bool

    @property
    def caching(self) -> str:
        return IMMUTABLE if self.is_digest else ASKED_FOR


_PARTS = r"(?:\.[A-Za-z0-9]{1,7}|\.webmanifest)"
"""Extensions; none is as long as a digest."""
_ANY = f"{_PARTS}{{1,3}}$"
_CODE = rf"{_PARTS}{{0,2}}\.(?:c?js|mjs|css|wasm|map|woff2?|ttf|otf|eot)$"
"""Of files that are hardly written by hand, and named in words, where a bundler's own are."""
_WORD_AND_NUMBER = "|".join(f"[A-Z][a-z]{{{letters}}}[0-9]{{{7 - letters}}}" for letters in range(2, 8))
_WORDS = "[a-z]?(?:[A-Z]{0,8}[a-z]{0,8}[0-9]{0,8}){1,2}"
"""Two of them, each with a number, and the first perhaps like `iPad`."""
_OF_BUNDLERS = r"(?:/(?:assets|_astro)/(?:[a-z]+/)?[^/]+[-.]|/_nuxt/(?:[^/]+[-.])?)"
"""The folders, and the beginnings of names, of Vite and of what is made with it."""


def _rules() -> Iterator[Rule]:
    # SvelteKit has nothing else in there.
    yield Rule(r"/_app/immutable/.+\.[A-Za-z0-9]+$", True)
    # Hexadecimal: webpack, Parcel, Next and Django. No date, no `facade` and no `decade1990`.
    yield Rule(rf"[-.](?:[a-f]*[0-9]+|[0-9]*[a-f]+){_ANY}", False)
    yield Rule(rf"[-.][0-9a-f]{{8,}}{_ANY}", True)
    # In base 32: esbuild and Angular. No `VERSION2`, and where it may be a document, no `Q3REPORT`.
    yield Rule(rf"-[A-Z]*[0-9]*{_ANY}", False)
    yield Rule(rf"-[A-Z2-7]{{8}}{_CODE}", True)
    yield Rule(rf"-(?:[A-Z]{{0,8}}[0-9]{{0,8}}){{1,2}}{_ANY}", False)
    yield Rule(rf"-[A-Z2-7]{{8}}{_ANY}", True)
    # In base 64: Vite. Letters of both cases, but no `Germany2`; of files other than code, with digits within
    # them, so that they are no `DarkMode`, `HowToUse` and `Top10New`.
    yield Rule(rf"[-./](?:[A-Z0-9_-]{{8}}|[a-z0-9_-]{{8}}|{_WORD_AND_NUMBER}){_ANY}", False)
    yield Rule(rf"{_OF_BUNDLERS}[A-Za-z0-9_-]{{8}}{_CODE}", True)
    yield Rule(rf"[-./](?:[A-Za-z]{{8}}|{_WORDS}){_ANY}", False)
    yield Rule(rf"{_OF_BUNDLERS}[A-Za-z0-9]{{8}}{_ANY}", True)


RULES = tuple(_rules())
