"""The private keys that servers are reached by: each is opened before anything connects."""

import sys
from getpass import getpass
from pathlib import Path

from paramiko import PKey
from pyinfra.api.exceptions import PyinfraError
from pyinfra.connectors.ssh_util import load_key_with_certificate

from deploys.command.naming import ROOT

UNLOCK = "load it into your agent: ssh-add"
"""What helps wherever nobody can be asked for a passphrase."""

_TRIES = 3


class Unusable(Exception):
    """A setting of a key is not right."""

    def __init__(self, setting: str, value: str, words: str) -> None:
        super().__init__(f"{setting}: {value}: {words}")


def opened(key: object, passphrase: object) -> PKey:
    """Open a private key, by its passphrase where it has one; a user at the terminal is asked for that.

    Args:
        key: the setting `ssh_key`.
        passphrase: the setting `ssh_key_password`.

    Raises:
        Unusable: it cannot be.

    """
    if not isinstance(key, str | Path) or not str(key):
        raise Unusable("ssh_key", repr(key), "write the path of a private key")
    try:
        path = ROOT / Path(key).expanduser()
        content = path.read_bytes()
    except (FileNotFoundError, RuntimeError):  # which is an unknown user after a tilde
        words = "there is no such file; name a private key, or leave ssh_key out to use your agent's"
        raise Unusable("ssh_key", repr(key), words) from None
    except IsADirectoryError:
        raise Unusable("ssh_key", repr(key), "is a folder; name the private key in it") from None
    except OSError:
        raise Unusable("ssh_key", repr(key), f"cannot be read by you; check who owns {path}") from None
    if content.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        raise Unusable("ssh_key", repr(key), "is a public key; name the private one, without .pub")
    if b"PRIVATE KEY" not in content[:4096]:
        raise Unusable("ssh_key", repr(key), "holds no private key")
    if passphrase and not isinstance(passphrase, str):
        raise Unusable("ssh_key_password", "(value not shown)", "write text")
    return _unlocked(path, key, str(passphrase or ""))


def _unlocked(path: Path, key: str | Path, passphrase: str) -> PKey:
    try:
        return load_key_with_certificate(str(path), passphrase, allow_prompt=False)
    except PyinfraError as error:
        is_asked_for = "is encrypted" in str(error)
    except Exception:  # whatever stands in the certificate beside it
        words = f"{path}-cert.pub beside it is no certificate; remove it, or have the key signed again"
        raise Unusable("ssh_key", repr(key), words) from None
    if passphrase:
        words = "does not open the key, or that is damaged; try it: ssh-keygen -y -f"
        raise Unusable("ssh_key_password", "(value not shown)", f"{words} {path}")
    if not is_asked_for:
        words = "is damaged, or of a kind not known here; make a new one: ssh-keygen -t ed25519"
        raise Unusable("ssh_key", repr(key), words)
    if not sys.stdin.isatty():
        words = "has a passphrase, and here is no terminal to ask you; leave ssh_key out and"
        raise Unusable("ssh_key", repr(key), f"{words} {UNLOCK} {path}")
    return _asked_for(path, key)


def _asked_for(path: Path, key: str | Path) -> PKey:
    for _ in range(_TRIES):
        try:
            typed = getpass(f"passphrase of {path}: ")
        except EOFError:
            break
        try:
            return load_key_with_certificate(str(path), typed, allow_prompt=False)
        except PyinfraError:
            sys.stderr.write("that does not open it\n")
    words = f"not opened by any of {_TRIES} passphrases; or leave ssh_key out and"
    raise Unusable("ssh_key", repr(key), f"{words} {UNLOCK} {path}")
