"""Characters that look like plain ones, or like none: what was meant, and what they are called. Pure."""
# ruff: noqa: RUF001  # it is about them

from unicodedata import category, name, normalize

_ALIKE = {
    **dict(zip("асеорхуіѕјһԁԛԝ", "aceopxyisjhdqw", strict=True)),
    **dict(zip("АВЕКМНОРСТХІЅЈ", "ABEKMHOPCTXISJ", strict=True)),
    **dict(zip("οανΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oavABEZHIKMNOPTYX", strict=True)),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("∶ː", ":"),
}
"""Letters of Cyrillic and Greek, and punctuation that word processors write (Unicode TR 39)."""
_UNSEEN = "Cf"


def plain(text: str) -> str:
    """Write a text as somebody who sees it would type it."""
    seen = "".join(_ALIKE.get(letter, letter) for letter in text if category(letter) != _UNSEEN)
    return normalize("NFKC", seen)


def strange(text: str) -> str | None:
    """Name the first character of a text that looks plain and is not; none in words of another script."""
    if text.isascii() or not plain(text).isascii():
        return None
    letter = next(letter for letter in text if not letter.isascii())
    return name(letter, f"U+{ord(letter):04X}")
