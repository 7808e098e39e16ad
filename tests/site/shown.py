"""What is read of a command, but for what differs from one run to the next: each number is N."""

import re

from tests.command.clone import COLOUR
from tests.house import House

_STEADY = (
    (r"gatehouse-shop-[ab]", "gatehouse-shop-X"),
    (r" \(\d+ s\)$", ""),
    (r"\b[0-9a-f]{12}\b\+?", "C"),
    (r" by \S+@\S+ at \S+ \S+ UTC", " by WHO at WHEN"),
    (r" by \S+@\S+", " by WHO"),
    (r"https://[\d.:]+/dir", "https://CA/dir"),
    (r"(?<= CA) [0-9a-f]{6}$", ""),
    (r"\d+ (?:seconds|minutes|hours)", "TIME"),
    (r"\d+", "N"),
)


def shown(text: str, house: House) -> tuple[str, ...]:
    """Give the lines of what was read."""
    text = COLOUR.sub("", text).replace(house.domain, "SITE")
    for pattern, word in _STEADY:
        text = re.sub(pattern, word, text, flags=re.MULTILINE)
    return tuple(text.splitlines())


def in_cells(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Give lines of tables without how wide their columns are, nor which slot an app is in."""
    apart = [re.sub(r"(?<=\S) {2,}", "  ", line) for line in lines]
    return tuple(re.sub(r"  [ab]  (?=active|inactive)", "  X  ", line) for line in apart)
