"""The kinds of value that a setting can have, each refusing what would mean something else on the host.

A value that passes cannot hold a character that ends a directive, a shell word or a line of a unit
file, wherever it is rendered.
"""

import os
import re
from pathlib import Path
from typing import Annotated
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import BeforeValidator

from deploys.config import guesses
from deploys.config.kinds import Nearest, text

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}(?<!-)")
_APP_NAME = re.compile(r"[a-z][a-z0-9-]{0,26}(?<!-)")
_REFERENCE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?", re.ASCII)
_ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_URL_PATH = re.compile(r"/[A-Za-z0-9._~!&()*+,=:@/-]*")
_FOLDER_PATH = re.compile(r"/?(?:[A-Za-z0-9._@+-]+/?)*")
_PYTHON = re.compile(r"3\.(?:9|[1-9]\d)(?:\.\d{1,2})?")
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!&()*+,=%-]+")

HIDDEN = "/."
"""Stands for hidden files at any depth, where paths are blocked."""


def matching(pattern: re.Pattern[str], what: str, nearest: Nearest = guesses.trimmed) -> BeforeValidator:
    """Make a kind of text that a pattern describes."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(what)
        return value

    return text(check, what, nearest)


WRITE_URL = 'write an absolute URL like "https://example.com/path"'


def absolute_url(value: str) -> str:
    """Check an absolute URL.

    Raises:
        ValueError: it is none.

    """
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError(WRITE_URL) from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _URL_CHARACTERS.fullmatch(value):
        raise ValueError(WRITE_URL)
    return value


_WRITE_FOLDER = 'write a folder like "/srv/www" or "static", of letters, digits and ._@+-'


def _folder_path(value: str) -> str:
    segments = value.strip("/").split("/")
    if not _FOLDER_PATH.fullmatch(value) or not value.strip("/") or {"", ".", ".."} & set(segments):
        raise ValueError(_WRITE_FOLDER)
    return value.rstrip("/")


_WRITE_SOURCE = 'write a path within the source, like "frontend/dist"'


def _source_path(value: str) -> str:
    try:
        path = _folder_path(value)
    except ValueError:
        raise ValueError(_WRITE_SOURCE) from None
    if path.startswith("/"):
        raise ValueError(_WRITE_SOURCE)
    return path


_WRITE_PERSISTENT = (
    'write a directory of the code with a slash at its end, like "data/", or a file, like "db.sqlite3"'
)


def _persistent_path(value: str) -> str:
    try:
        path = _source_path(value)
    except ValueError:
        raise ValueError(_WRITE_PERSISTENT) from None
    if path in {"", "."}:
        raise ValueError(_WRITE_PERSISTENT)
    is_directory = value.endswith("/") or "." not in path.rpartition("/")[2]
    return f"{path}/" if is_directory else path


def line(value: str) -> str:
    """Check that a text is one line.

    Raises:
        ValueError: it has what ends a line, or moves a terminal's cursor.

    """
    if any(category(character) in {"Cc", "Zl", "Zp"} for character in value):
        raise ValueError("remove the line breaks and control characters")
    return value


_WRITE_URL_PATH = 'write a path like "/" or "/api/", of letters, digits and ._~!&()*+,=:@-'


_WRITE_FILE = 'write a file of the folder, like "index.html", of letters, digits and ._@+-'


def _file_within(value: str) -> str:
    if not _FOLDER_PATH.fullmatch(value) or {"", ".", ".."} & set(value.split("/")):
        raise ValueError(_WRITE_FILE)
    return value


def _url_path(value: str) -> str:
    if not _URL_PATH.fullmatch(value) or "/../" in f"{value}/" or "/./" in f"{value}/" or "//" in value:
        raise ValueError(_WRITE_URL_PATH)
    return value


def _blocked_path(value: str) -> str:
    if "*" in value:
        raise ValueError("write what the paths begin with, up to the star: no star stands for anything here")
    return value if value == HIDDEN else _url_path(value)


def _beginning(value: str) -> str | None:
    path = guesses.url_path(value)
    return path if path != "/" else None


Name = Annotated[
    str,
    matching(_NAME, 'use up to 31 lower-case letters, digits and "-", beginning with a letter', guesses.name),
]
"""The name of an upstream, a process or a job: a part of unit and upstream names."""

AppName = Annotated[
    str,
    matching(
        _APP_NAME, 'use up to 27 lower-case letters, digits and "-", beginning with a letter', guesses.name
    ),
]
"""The name of an app; with `app-` before it, it is a user's, of which Linux takes 31 characters."""


_WRITE_REFERENCE = 'write "module:attribute", or "module:factory()"'


def _reference(value: str) -> str:
    if re.fullmatch(r".+:.+\(.+\)", value):
        raise ValueError("a factory gets no arguments here: write app = … in a module, and name that")
    if not _REFERENCE.fullmatch(value):
        raise ValueError(_WRITE_REFERENCE)
    if ".py:" in value:
        raise ValueError("write a module, not a file")
    return value


AppReference = Annotated[str, text(_reference, _WRITE_REFERENCE, guesses.reference)]
"""Where the app is: a module, a colon and an attribute of it."""

EnvironmentName = Annotated[
    str, matching(_ENV_NAME, 'use letters, digits and "_", like "DATABASE_URL"', guesses.variable)
]
Line = Annotated[str, text(line, "write a text, in quotes")]
Variable = Annotated[str, text(line, "write a text, in quotes", of_bools=True)]
"""The value of an environment variable."""

Email = Annotated[str, matching(_EMAIL, 'write an address like "ops@example.com"', guesses.email)]
Url = Annotated[str, text(absolute_url, WRITE_URL, guesses.url)]
UrlPath = Annotated[str, text(_url_path, _WRITE_URL_PATH, guesses.url_path)]
BlockedPath = Annotated[str, text(_blocked_path, _WRITE_URL_PATH, _beginning)]
"""What the paths begin with that are not answered."""

FileWithin = Annotated[str, text(_file_within, _WRITE_FILE, lambda value: value.strip(" /."))]
"""A file, relative to a folder."""

FolderPath = Annotated[str, text(_folder_path, _WRITE_FOLDER, guesses.folder)]
"""A folder, absolute or relative, without a slash at its end."""

SourcePath = Annotated[str, text(_source_path, _WRITE_SOURCE, guesses.folder)]
"""A path within the source."""

PersistentPath = Annotated[str, text(_persistent_path, _WRITE_PERSISTENT)]
"""A file or directory within the code; of a directory, with a slash at its end."""


_A_CONTENT = re.compile(r"-----BEGIN|^(?:ssh|ecdsa|sk)-\S+ AAAA|[;{}>]\s*$")
"""What a file has in it, and no path."""
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://|[\w.-]+@[\w.-]+:", re.IGNORECASE)
"""How addresses begin that are no paths here."""


def _controller_path(value: str) -> str:
    if _A_CONTENT.search(value):
        raise ValueError("write the path of the file that has it")
    if _ELSEWHERE.match(value):
        raise ValueError("write a path on your own machine: no address is read or written")
    if not line(value):
        raise ValueError("write a path")
    try:
        path = str(Path(value).expanduser()) if value.startswith("~") else value
        os.fsencode(path)
    except RuntimeError:
        raise ValueError(f"write a path: there is no user {value[1:].partition('/')[0]!r} here") from None
    except UnicodeEncodeError:
        raise ValueError("write a path, in characters that a file's name can have") from None
    return path


ControllerPath = Annotated[str, text(_controller_path, "write a path")]
"""A path on the controller, `~` for one's home, relative to the folder in which pyinfra runs."""


def _redirect_target(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError(
            'leave out "?" or "#" and what follows: the rest of the path and the query come there'
        )
    if value.startswith("/"):
        return _url_path(value)
    if "@" in urlsplit(absolute_url(value)).netloc:
        raise ValueError("take the login out of it, everybody would read it")
    return value


RedirectTarget = Annotated[str, text(_redirect_target, WRITE_URL, guesses.url)]
"""A URL, or a path on the same site, to which the rest of a request's path and its query are added."""


PythonVersion = Annotated[str, matching(_PYTHON, 'write a version like "3.12"', guesses.python_version)]
