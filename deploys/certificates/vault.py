"""A backup as a file on the controller, sealed with a passphrase (RFC 7914, RFC 5116)."""

import os
import re
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from deploys import given
from deploys.config import Backup
from deploys.refusal import Refusal

_HEAD = re.compile(rb"gatehouse backup 2\n([^\n]+)\n")
_UNREADABLE = ("backup['file']", "write the path of the backup's file, or of one that is not there yet")
_VARIABLE = "GATEHOUSE_BACKUP_PASSPHRASE"


def store(backup: Backup, host: str, data: bytes) -> None:
    """Encrypt data into the backup's file, in one rename; the former file stays beside it as `<file>.1`.

    Args:
        backup: where to.
        host: whose data it is, unless the settings give it another name.
        data: what to keep.

    Raises:
        Refusal: there is no passphrase, or the file is not this host's to overwrite.

    """
    head = f"gatehouse backup 2\n{backup.name or host}\n".encode()
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_key(backup, salt)).encrypt(nonce, data, head)
    path = Path(backup.file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        remedy = "write a path in another folder"
        raise Refusal(f"backup['file']: {str(path.parent)!r}: {why}: {remedy}") from None
    if os.path.lexists(path):
        former = given.content(backup.file, *_UNREADABLE)
        _head(backup, host, former)
        _write(path.with_name(f"{path.name}.1"), former)
    _write(path, head + salt + nonce + sealed)


def fetch(backup: Backup, host: str) -> bytes | None:
    """Decrypt the backup's file; None where there is none yet.

    Args:
        backup: where from.
        host: whose it must be, unless the settings give it another name.

    Raises:
        Refusal: it is no backup, or another host's, or damaged, or the passphrase is another one.

    """
    if not os.path.lexists(backup.file):
        return None
    stored = given.content(backup.file, *_UNREADABLE)
    head = _head(backup, host, stored)
    rest = stored[len(head) :]
    salt, nonce, sealed = rest[:16], rest[16:28], rest[28:]
    if len(sealed) < 16:
        raise Refusal(f"backup['file']: {backup.file!r}: is cut off; see whether {backup.file}.1 is whole")
    try:
        return AESGCM(_key(backup, salt)).decrypt(nonce, sealed, head)
    except InvalidTag:
        raise Refusal(
            f"backup['file']: {backup.file!r}: the passphrase does not open it, or it is damaged"
        ) from None


def passphrase(backup: Backup) -> str:
    """Find the passphrase: in the file that the settings name, or in the environment.

    Raises:
        Refusal: it is in neither.

    """
    if backup.passphrase_file:
        key, remedy = "backup['passphrase_file']", "write the passphrase to that file, or correct its path"
        found = given.text(backup.passphrase_file, key, remedy).strip()
    else:
        found = os.environ.get(_VARIABLE, "")
    if len(found) < 12:
        raise Refusal(
            f"backup: put a passphrase of 12 characters or more into {_VARIABLE} or a passphrase_file"
        )
    return found


def _head(backup: Backup, host: str, stored: bytes) -> bytes:
    """Give what precedes the sealed part and is authenticated with it, if it names the host."""
    head = _HEAD.match(stored)
    if not head:
        raise Refusal(f"backup['file']: {backup.file!r}: is no backup that gatehouse has made")
    name = head[1].decode(errors="replace")
    own = backup.name or host
    if name != own:
        raise Refusal(
            f"backup['file']: {backup.file!r}: is the backup of {name!r}, not of {own!r}; give each server "
            f"a file of its own, or, where this one was renamed, set backup['name'] to {name!r}"
        )
    return head[0]


def _write(path: Path, data: bytes) -> None:
    new = path.with_name(f".{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(data)
    new.rename(path)


def _key(backup: Backup, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase(backup).encode())
