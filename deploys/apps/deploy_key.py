"""Whether ssh will take a deploy key: it says little of one that it refuses."""

import os

from deploys import given
from deploys.refusal import Refusal


def check(path: str, key: str) -> None:
    """See that a file is a private key that ssh reads.

    Args:
        path: the file.
        key: the setting, for the message when it is not.

    Raises:
        Refusal: it is not there, not private, or not a private key.

    """
    beginning = given.content(path, key, "write the path of the private key")[:4096]
    status = os.stat(path)
    if beginning.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        private = path.removesuffix(".pub")
        raise Refusal(f"{key}: {path!r}: this is the public key; write the private one's path, {private!r}")
    if b"PRIVATE KEY" not in beginning:
        remedy = "write the path of one, as `ssh-keygen -t ed25519` makes it"
        raise Refusal(f"{key}: {path!r}: this is no private key: {remedy}")
    if status.st_uid == os.geteuid() and status.st_mode & 0o077:
        raise Refusal(f"{key}: {path!r}: others can read it, so that ssh refuses it: run `chmod 600 {path}`")
