"""Anywhere: what strangers wrote, fit to be shown."""


def shown(text: str, most: int = 72) -> str:
    """Make a text harmless to a terminal, one line, and short.

    Args:
        text: what a client, a server or a program said.
        most: how many characters to keep.

    """
    printable = "".join(character if character.isprintable() else "?" for character in text)
    return printable if len(printable) <= most else printable[: most - 1] + "\N{HORIZONTAL ELLIPSIS}"
