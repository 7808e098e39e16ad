"""What a build needs to reach package indexes, or a registry: logins and roots, read on the controller."""

from collections.abc import Iterator

from deploys import given
from deploys.apps import images
from deploys.config import App
from deploys.config.images import ImageSource
from deploys.config.secrets import FromFile
from deploys.config.sources import Indexes, PrivateIndex
from deploys.refusal import Refusal
from deploys.secrets import read_secret


def read_logins_of(app: App, key: str) -> str:
    """Read what a build of an app logs in with: at package indexes, or at the registry of its image.

    Args:
        app: the settings.
        key: where they are, for the message when a password cannot be had.

    Raises:
        Refusal: as `read_logins` does.

    """
    source = app.source
    if not isinstance(source, ImageSource):
        return read_logins(app.indexes, f"{key}['indexes']")
    if source.login is None:
        return ""
    return images.logins(
        source, source.login, read_secret(source.login.password, f"{key}['source']['login']['password']")
    )


def read_logins(indexes: Indexes, key: str) -> str:
    """Read the passwords of the indexes that ask for one, and write them down as pip and uv read them.

    Args:
        indexes: the app's.
        key: the setting, for the message when a password cannot be had.

    Returns:
        The content of a netrc file; empty where no index asks for a login.

    Raises:
        Refusal: a password is missing, or no HTTP client can be relied on to send it.

    """
    logins = {}
    for index, where in _private(indexes, key):
        password = read_secret(index.password, where)
        if not password.isascii() or not password.isprintable():
            raise Refusal(f"{where}: the password has a line break, or a character that is not ASCII")
        logins[index.host] = f"login {_quoted(index.user)} password {_quoted(password)}"
    return "".join(f"machine {host} {login}\n" for host, login in sorted(logins.items()))


def read_ca_bundle(indexes: Indexes, key: str) -> str:
    """Read the private roots, in PEM; none unless the settings name a file.

    Raises:
        Refusal: the file cannot be read.

    """
    path = indexes.ca_bundle
    if path is None:
        return ""
    return given.text(path, f"{key}['ca_bundle']", "write the path of a PEM file", encoding="ascii")


def password_files(indexes: Indexes, key: str) -> dict[str, str]:
    """Name the files that passwords are read from, by the setting of each."""
    passwords = {where: index.password for index, where in _private(indexes, key)}
    return {where: origin.file for where, origin in passwords.items() if isinstance(origin, FromFile)}


def _private(indexes: Indexes, key: str) -> Iterator[tuple[PrivateIndex, str]]:
    if isinstance(indexes.default, PrivateIndex):
        yield indexes.default, f"{key}['default']['password']"
    for number, index in enumerate(indexes.extra):
        if isinstance(index, PrivateIndex):
            yield index, f"{key}['extra'][{number}]['password']"


def _quoted(value: str) -> str:
    """Quote a value as both Python's netrc module and uv read it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
