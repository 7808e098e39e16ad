"""A backup as a file on the controller, sealed with a passphrase (RFC 7914, RFC 5116)."""

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from deploys.config import Backup
from deploys.refusal import Refusal

_HEAD = b"gatehouse backup 1\n"
_VARIABLE = "GATEHOUSE_BACKUP_PASSPHRASE"


def store(backup: Backup, data: bytes) -> None:
    """Encrypt data into the backup's file, in one rename.

    Raises:
        Refusal: there is no passphrase.

    """
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_key(backup, salt)).encrypt(nonce, data, _HEAD)
    path = Path(backup.file)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(_HEAD + salt + nonce + sealed)
    new.rename(path)


def fetch(backup: Backup) -> bytes | None:
    """Decrypt the backup's file; None where there is none yet.

    Raises:
        Refusal: it is no backup, or the passphrase is another one.

    """
    path = Path(backup.file)
    if not path.exists():
        return None
    stored = path.read_bytes()
    if not stored.startswith(_HEAD):
        raise Refusal(f"backup['file']: {backup.file!r}: is no backup that deploys/backup.py has made")
    rest = stored[len(_HEAD) :]
    salt, nonce, sealed = rest[:16], rest[16:28], rest[28:]
    try:
        return AESGCM(_key(backup, salt)).decrypt(nonce, sealed, _HEAD)
    except InvalidTag:
        raise Refusal(f"backup['file']: {backup.file!r}: the passphrase does not open it") from None


def passphrase(backup: Backup) -> str:
    """Find the passphrase: in the file that the settings name, or in the environment.

    Raises:
        Refusal: it is in neither.

    """
    if backup.passphrase_file:
        path = Path(backup.passphrase_file).expanduser()
        try:
            found = path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refusal(f"backup['passphrase_file']: {str(path)!r}: cannot be read ({error})") from None
    else:
        found = os.environ.get(_VARIABLE, "")
    if len(found) < 12:
        raise Refusal(
            f"backup: put a passphrase of 12 characters or more into {_VARIABLE} or a passphrase_file"
        )
    return found


def _key(backup: Backup, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase(backup).encode())
