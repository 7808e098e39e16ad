"""Files that git LFS keeps elsewhere, and the pointers that stand for them (git-lfs, docs/spec.md). Pure."""

import hashlib
import re

_BEGIN = b"version https://git-lfs.github.com/spec/v1\n"
POINTER_SIZE = 1024
"""Bytes that a pointer is smaller than."""
_OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)


def is_pointer(content: bytes) -> bool:
    """Say whether this stands for a file that has not been fetched."""
    return len(content) < POINTER_SIZE and content.startswith(_BEGIN)


def stands_for(pointer: bytes, content: bytes) -> bool:
    """Say whether a pointer is that of a content."""
    oid = _OID.search(pointer) if is_pointer(pointer) else None
    return oid is not None and oid[1].decode() == hashlib.sha256(content).hexdigest()
