"""The mark of rules, by which the kernel's are known to be those that are written down. Pure."""

import hashlib
from collections.abc import Callable

_LENGTH = 12


def marked(write: Callable[[str], str]) -> str:
    """Write rules with the digest of them all; `firewall/onhost/nft.py` finds it.

    Args:
        write: renders them with a mark, or with an empty one.

    """
    digest = hashlib.sha256(write("").encode()).hexdigest()
    return write(f"gatehouse {digest[:_LENGTH]}")


def comment(mark: str) -> str:
    """Write a mark as it stands behind a rule; nothing where there is none yet."""
    return f'comment "{mark}"' if mark else ""
