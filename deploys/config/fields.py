"""The kinds of value that a setting can have, each refusing what would mean something else on the host.

A value that passes cannot hold a character that ends a directive, a shell word or a line of a unit
file, wherever it is rendered.
"""

import re
import shlex
from pathlib import Path
from typing import Annotated
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import AfterValidator

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}(?<!-)")
_APP_NAME = re.compile(r"[a-z][a-z0-9-]{0,26}(?<!-)")
_ASGI = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?", re.ASCII)
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_URL_PATH = re.compile(r"/[A-Za-z0-9._~!&()*+,=:@/-]*")
_HOST_PATH = re.compile(r"/[A-Za-z0-9._@+/-]*")
_DURATION = re.compile(r"[1-9]\d{0,5}(?:ms|s|m|h|d)")
_SECONDS = re.compile(r"[1-9]\d{0,5}[smhd]")
_RATE = re.compile(r"[1-9]\d{0,5}/[sm]")
_FOLDER_PATH = re.compile(r"/?(?:[A-Za-z0-9._@+-]+/?)*")
_HEADER_SIZE = re.compile(r"(?:[4-9]|[1-9]\d{1,2})k")
_SIZE = re.compile(r"([1-9]\d{0,8})([kmg])?")
_UNITS = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}
_PYTHON = re.compile(r"3\.(?:9|[1-9]\d)(?:\.\d{1,2})?")
_REQUIREMENT = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9._, -]+\])?(?: ?[=<>!~]=?=?[A-Za-z0-9.*+!, =<>~-]+)?"
)
_PACKAGE_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*")
_GIT_REF = re.compile(r"(?!-)[A-Za-z0-9._/+@-]+")
_GIT_URL = re.compile(r"(?!-)[A-Za-z0-9._~:/@+%=-]+")
_INDEX_USER = re.compile(r"[A-Za-z0-9._~!$&()*+,;=@%/-]+")
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!&()*+,=%-]+")


def _matching(pattern: re.Pattern[str], what: str) -> AfterValidator:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(what)
        return value

    return AfterValidator(check)


def _url(value: str) -> str:
    remedy = 'write an absolute URL like "https://example.com/path"'
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(remedy) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _URL_CHARACTERS.fullmatch(value):
        raise ValueError(remedy)
    return value


def _index_url(value: str) -> str:
    if "@" in urlsplit(_url(value)).netloc:
        raise ValueError(
            'take the login out of it, and write {"url": …, "user": …, "password": {"env": …}} instead'
        )
    return value


def _secure_index_url(value: str) -> str:
    if urlsplit(_index_url(value)).scheme != "https":
        raise ValueError("write an https URL, so that nobody on the way reads the password")
    return value


def _git_url(value: str) -> str:
    if not _GIT_URL.fullmatch(value):
        raise ValueError('write a URL like "https://example.com/shop.git" or "git@example.com:shop.git"')
    if value.startswith(("http://", "https://")) and "@" in urlsplit(value).netloc:
        raise ValueError(
            "take the login out of it, and leave it to a credential helper of git's, or use a key"
        )
    return value


def _folder_path(value: str) -> str:
    segments = value.strip("/").split("/")
    if not _FOLDER_PATH.fullmatch(value) or not value.strip("/") or {"", ".", ".."} & set(segments):
        raise ValueError('write a folder like "/srv/www" or "static", of letters, digits and ._@+-')
    return value.rstrip("/")


def _line(value: str) -> str:
    if any(category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError("remove the line breaks and control characters")
    return value


def _url_path(value: str) -> str:
    if not _URL_PATH.fullmatch(value) or "/../" in f"{value}/" or "/./" in f"{value}/" or "//" in value:
        raise ValueError('write a path like "/" or "/api/", of letters, digits and ._~!&()*+,=:@-')
    return value


def _host_path(value: str) -> str:
    if not _HOST_PATH.fullmatch(value) or ".." in value.split("/") or "//" in value:
        raise ValueError('write an absolute path like "/srv/www", of letters, digits and ._@+-')
    return value


Name = Annotated[
    str, _matching(_NAME, 'use up to 31 lower-case letters, digits and "-", beginning with a letter')
]
"""The name of an upstream, a process or a job: a part of unit and upstream names."""

AppName = Annotated[
    str, _matching(_APP_NAME, 'use up to 27 lower-case letters, digits and "-", beginning with a letter')
]
"""The name of an app; with `app-` before it, it is a user's, of which Linux takes 31 characters."""


def _asgi(value: str) -> str:
    if not _ASGI.fullmatch(value):
        raise ValueError('write "module:attribute", or "module:factory()"')
    if ".py:" in value:
        raise ValueError(f'write a module, not a file: "{value.replace(".py:", ":")}"')
    return value


AsgiReference = Annotated[str, AfterValidator(_asgi)]
"""Where the ASGI app is: a module, a colon and an attribute of it."""

EnvironmentName = Annotated[str, _matching(_ENV_NAME, 'use letters, digits and "_", like "DATABASE_URL"')]
Line = Annotated[str, AfterValidator(_line)]
Email = Annotated[str, _matching(_EMAIL, 'write an address like "ops@example.com"')]
Url = Annotated[str, AfterValidator(_url)]
IndexUrl = Annotated[str, AfterValidator(_index_url)]
"""A package index, without a login."""

SecureIndexUrl = Annotated[str, AfterValidator(_secure_index_url)]
IndexUser = Annotated[
    str, _matching(_INDEX_USER, "write an account name of letters, digits and ._~!$&()*+,;=@%/-")
]
"""The user of HTTP's basic authentication, which can have no colon (RFC 7617, section 2)."""

UrlPath = Annotated[str, AfterValidator(_url_path)]
HostPath = Annotated[str, AfterValidator(_host_path)]
"""An absolute path on the server."""

Duration = Annotated[str, _matching(_DURATION, 'write a number and a unit, like "30s", "5m" or "1h"')]
HeaderSize = Annotated[str, _matching(_HEADER_SIZE, 'write kilobytes from "4k" to "999k"')]
Seconds = Annotated[str, _matching(_SECONDS, 'write a number and a unit, like "30s", "5m" or "1h"')]
"""A duration of whole seconds."""

Rate = Annotated[str, _matching(_RATE, 'write requests per second or minute, like "10/s" or "30/m"')]
FolderPath = Annotated[str, AfterValidator(_folder_path)]
"""A folder, absolute or relative, without a slash at its end."""

Size = Annotated[str, _matching(_SIZE, 'write a number of bytes, or of "k", "m" or "g", like "10m"')]


def _memory_size(value: str) -> str:
    size = _SIZE.fullmatch(value)
    if not size or int(size[1]) * _UNITS[size[2] or ""] < 16 * _UNITS["m"]:
        raise ValueError('write at least "16m", which is little for a Python app')
    return value


MemorySize = Annotated[str, AfterValidator(_memory_size)]


def _acme_directory(value: str) -> str:
    if value in {"letsencrypt", "letsencrypt-staging"}:
        return value
    try:
        return _url(value)
    except ValueError:
        raise ValueError('write "letsencrypt", "letsencrypt-staging" or a directory URL') from None


AcmeDirectory = Annotated[str, AfterValidator(_acme_directory)]


def _controller_path(value: str) -> str:
    if not _line(value):
        raise ValueError("write a path")
    return str(Path(value).expanduser()) if value.startswith("~") else value


ControllerPath = Annotated[str, AfterValidator(_controller_path)]
"""A path on the controller, `~` for one's home, relative to the folder in which pyinfra runs."""


def _redirect_target(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError(
            'leave out "?" or "#" and what follows: the rest of the path and the query come there'
        )
    if value.startswith("/"):
        return _url_path(value)
    if "@" in urlsplit(_url(value)).netloc:
        raise ValueError("take the login out of it, everybody would read it")
    return value


RedirectTarget = Annotated[str, AfterValidator(_redirect_target)]
"""A URL, or a path on the same site, to which the rest of a request's path and its query are added."""


def _command(value: str) -> str:
    try:
        words = shlex.split(_line(value))
    except ValueError as error:
        raise ValueError(f"write one command line as for a shell ({str(error).lower()})") from None
    if not words or not words[0]:
        raise ValueError("write a command")
    tokens = shlex.shlex(value, posix=False, punctuation_chars="();<>|&")
    tokens.whitespace_split = True
    for token in tokens:
        if token[0] not in "'\"" and set(token) & set("();<>|&$`"):
            raise ValueError(f"no shell reads this: quote {token}, or write sh -c '…'")
    return value


Command = Annotated[str, AfterValidator(_command)]
"""A command line: words, quoted where they must be; no shell reads it."""

PythonVersion = Annotated[str, _matching(_PYTHON, 'write a version like "3.12"')]
Requirement = Annotated[str, _matching(_REQUIREMENT, 'write a package and its version, like "shop==1.2"')]
PackageName = Annotated[str, _matching(_PACKAGE_NAME, "use letters and digits, and ._- between them")]
"""A name as packages, extras and dependency groups have (PEP 508, 685, 735)."""

GitRef = Annotated[str, _matching(_GIT_REF, 'write a branch, a tag or a commit, like "main"')]
GitUrl = Annotated[str, AfterValidator(_git_url)]
