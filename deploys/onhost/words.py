"""Anywhere: what strangers wrote, fit to be shown."""

import re
import unicodedata

QUOTE = "    | "
"""What each line of a stranger's begins with, and no line of ours or of pyinfra's."""

_ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST = 2000
"""Characters of a line."""
_BLANK = frozenset(
    map(
        chr,
        (
            *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE0E), *range(0xE0100, 0xE01F0)),
        ),
    )
)
"""What Python takes for printable, and shows nothing: fillers, and all that chooses a glyph but for emoji."""
_MARKS = {"Me", "Mn"}
"""Categories of what is drawn over a letter; not all of it has a class of combining, like what encloses."""
_MOST_MARKS = 4
"""Marks on one letter; more of them are drawn over the lines around."""


def printable(text: str) -> str:
    r"""Make one line of a text, in which what a terminal would obey or hide can be seen, like `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    made, marks = [], 0
    for one in text:
        marks = marks + 1 if unicodedata.category(one) in _MARKS else 0
        is_seen = one.isprintable() and one not in _BLANK and marks <= _MOST_MARKS
        made.append(one if is_seen else one.encode("unicode_escape").decode())
    return "".join(made)


def shown(text: str, most: int = 72) -> str:
    """Make a text harmless to a terminal, one line, and short.

    Args:
        text: what a client, a server or a program said.
        most: how many characters to keep.

    """
    line = printable(text)
    return line if len(line) <= most else line[: most - 1] + _ELLIPSIS


def cited(text: str, most: int = 72) -> str:
    """Put a stranger's words between quotation marks, so that they cannot pass for ours in a line of ours.

    Args:
        text: as for `shown`.
        most: as for `shown`.

    """
    line = shown(text, most)
    mark = '"' if "'" in line and '"' not in line else "'"
    return mark + line.replace(mark, f"\\{mark}") + mark


def lines(text: "str | bytes", last: int = 30) -> "list[str]":
    """Give the last lines of what a program wrote, each of them printable, and none of them empty.

    Args:
        text: its output; what is no text in it can be seen.
        last: how many lines to keep.

    """
    if isinstance(text, bytes):
        text = text.decode(errors="backslashreplace")
    written = (_COLOURS.sub("", line).expandtabs(4).rstrip() for line in text.split("\n"))
    return [shown(line, _LONGEST) for line in written if line][-last:]


def quoted(text: "str | bytes", last: int = 30) -> str:
    """Quote the last lines of what a program wrote, so that none of them can pass for one of ours."""
    return "\n".join(QUOTE + line for line in lines(text, last) or ["(it wrote nothing)"])


def said(what: str, text: "str | bytes", last: int = 30) -> str:
    """Let a program's words follow ours: cited in the same line where they are but one, else quoted below it.

    Args:
        what: our words, like `git refuses`.
        text: what the program wrote.
        last: how many lines of it to keep.

    """
    written = lines(text, last)
    if not written:
        return f"{what} without a word"
    return f"{what}: {cited(written[0], _LONGEST)}" if len(written) == 1 else f"{what}:\n{quoted(text, last)}"
