"""Anywhere: the head of an HTTP message, read by Python's own means, which are those for mails.

They look for parts in parts wherever a head says that it has some. Over a megabyte of one that means harm
they take minutes, or give up badly.
"""

import io

_ABOUT_PARTS = b"content-type:"


class Lines(io.BufferedReader):
    """Gives the lines of a message, but for what would have them looked at as those of a mail."""

    def readline(self, size: "int | None" = -1) -> bytes:
        """Read a line; one that says of what kind the body is does not count.

        A carriage return within a line is a space (RFC 9112, section 2.2), else what follows it would be
        taken for a line of its own.
        """
        line = super().readline(size)
        # Of one that is too long, the rest would be taken for another; it is refused for its length.
        while line[: len(_ABOUT_PARTS)].lower() == _ABOUT_PARTS and line.endswith(b"\n"):
            line = super().readline(size)
        return line[:-2].replace(b"\r", b" ") + line[-2:]
