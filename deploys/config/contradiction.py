"""What is wrong where settings are well-formed each by itself, and cannot hold together.

The checks stand beside the settings that they are about, and are listed in `server.py`.
"""

from typing import NamedTuple


class Contradiction(NamedTuple):
    """A setting that cannot stay as it is."""

    key: tuple[str | int, ...]
    value: object
    remedy: str
