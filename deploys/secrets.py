"""The values of secrets, read on the controller, and never shown."""

import os
import shlex
import subprocess
from typing import Any

from pydantic import ValidationError

from deploys import given
from deploys.config.remedies import remedy
from deploys.config.secrets import EnvFileSecret, FromCommand, FromEnvironment, FromFile, Origin
from deploys.config.settings import Settings
from deploys.env_file import variables
from deploys.once import Once
from deploys.onhost.words import said
from deploys.refusal import Refusal


def with_secrets(settings: Settings, key: str) -> dict[str, Any]:
    """Give settings as plain data, each secret in them read from where they say that it is.

    Args:
        settings: a group of settings.
        key: where it is in the settings, for the message when a secret is not there.

    Raises:
        Refusal: a secret is not there, or what is there would be refused in the settings, too.

    """
    try:
        whole = type(settings).model_validate(_read(settings, key))
    except ValidationError as refusal:
        lines = [
            f"{_below(key, error['loc'])}: the secret is refused: {remedy(error)}"
            for error in refusal.errors()
        ]
        raise Refusal("\n".join(lines)) from None
    return whole.model_dump(mode="json", exclude_none=True)


def _read(value: Any, key: str) -> Any:
    match value:
        case FromEnvironment() | FromFile() | FromCommand():
            return read_secret(value, key)
        case Settings():
            return {name: _read(getattr(value, name), f"{key}[{name!r}]") for name in value.model_fields_set}
        case dict():
            return {name: _read(one, f"{key}[{name!r}]") for name, one in value.items()}
        case _:
            return value


def _below(key: str, loc: tuple[int | str, ...]) -> str:
    return key + "".join(f"[{part!r}]" for part in loc if not str(part).startswith("<"))


values: Once[str] = Once()
"""Those that have been read, by where they are: a password manager is asked once, not by each host."""


def read_secret(secret: Origin, key: str) -> str:
    """Read the value of a secret from where the settings say that it is, once in a run for all hosts.

    Args:
        secret: where it is.
        key: the setting, for the message when it is not there.

    Raises:
        Refusal: it is not there, or empty.

    """
    return values.get(secret, lambda: _value(secret, key))


def _value(secret: Origin, key: str) -> str:
    match secret:
        case FromEnvironment(env=name):
            value, where = os.environ.get(name, ""), f"set {name} in the environment of pyinfra"
        case EnvFileSecret(file=path, variable=name):
            return variables(path, key).get(name, "")
        case FromFile(file=path):
            value, where = _of_file(path, key), f"write it to {path}"
        case FromCommand(command=command):
            value, where = _of_command(command, key), "have the command print it"
    if not value:
        raise Refusal(f"{key}: the secret is missing or empty: {where}")
    if not _is_text(value):
        raise Refusal(f"{key}: the secret is not UTF-8: encode it, as base64 does")
    if "\0" in value:
        raise Refusal(f"{key}: the secret has a zero byte: encode it, as base64 does")
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_file(path: str, key: str) -> str:
    content = given.content(path, f"{key}['file']", "write the secret to that file, or correct its path")
    return _text(content)


def _of_command(command: str, key: str) -> str:
    words = shlex.split(command)
    program = f"{key}['command']: {words[0]!r}"  # an argument may be secret, too
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except FileNotFoundError:
        raise Refusal(f"{program}: there is no such program on this machine: install it") from None
    except OSError as error:
        raise Refusal(f"{program}: cannot be run: {(error.strerror or str(error)).lower()}") from None
    if done.returncode:
        raise Refusal(said(f"{program} failed with {done.returncode}", done.stderr, last=5))
    # Not by subprocess: gevent's, which pyinfra puts in its place, heeds no error handler.
    return _text(done.stdout)


def _text(written: bytes) -> str:
    return written.decode(errors="surrogateescape").replace("\r\n", "\n").removesuffix("\n")
