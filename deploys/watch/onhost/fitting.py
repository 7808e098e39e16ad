"""Anywhere: as much of a text as a channel takes, where it would refuse a longer one altogether. Pure."""

CHAT = 3500
"""Bytes of an alert's text in a chat: ntfy and Telegram take about 4,000 of all of it, others more."""
DISCORD = 1400
"""The same in Discord, which takes 2,000 characters (docs.discord.com, "Execute Webhook")."""

_CUT = "\N{HORIZONTAL ELLIPSIS}"
_PARTS = 4
"""Into so many, at least, no line is so long that it drives out all others."""


def within(text: str, most: int) -> str:
    """Give what a text begins and ends with, where it has more than so many bytes.

    A line is left out as a whole, or cut at its end: what a stranger's begins with marks it as such.
    """
    if len(text.encode()) <= most:
        return text
    lines = [_cut(line, most // _PARTS - len(_left_out(0))) for line in text.split("\n")]
    sizes = [len(line.encode()) + 1 for line in lines]
    room, first, last = most - len(_left_out(len(lines))), 0, len(lines)
    # From both ends, the last line before the first: what a unit says last tells the most.
    while first < last:
        size = sizes[last - 1] if len(lines) - last <= first else sizes[first]
        if size > room:
            break
        room -= size
        first, last = (first, last - 1) if len(lines) - last <= first else (first + 1, last)
    left_out = [_left_out(last - first)] if first < last else []
    return "\n".join([*lines[:first], *left_out, *lines[last:]])


def _left_out(count: int) -> str:
    return f"({count} lines are left out)"


def _cut(line: str, most: int) -> str:
    written = line.encode()
    if len(written) <= most:
        return line
    return written[: most - len(_CUT.encode())].decode(errors="ignore") + _CUT
