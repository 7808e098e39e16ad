"""Whether ssh will take a deploy key: it says little of one that it refuses."""

import os
from pathlib import Path

from deploys.refusal import Refusal


def check(path: str, key: str) -> None:
    """See that a file is a private key that ssh reads.

    Args:
        path: the file.
        key: the setting, for the message when it is not.

    Raises:
        Refusal: it is not there, not private, or not a private key.

    """
    try:
        mode, owner = os.stat(path).st_mode, os.stat(path).st_uid
        beginning = Path(path).read_bytes()[:100]
    except OSError as error:
        why = (error.strerror or "cannot be read").lower()
        raise Refusal(f"{key}: {path!r}: {why}: write the path of the private key") from None
    if beginning.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        private = path.removesuffix(".pub")
        raise Refusal(f"{key}: {path!r}: this is the public key; write the private one's path, {private!r}")
    if owner == os.geteuid() and mode & 0o077:
        raise Refusal(f"{key}: {path!r}: others can read it, so that ssh refuses it: run `chmod 600 {path}`")
