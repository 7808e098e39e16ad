"""The kinds of value that a setting can have, each refusing what would mean something else on the host.

A value that passes cannot hold a character that ends a directive, a shell word or a line of a unit
file, wherever it is rendered.
"""

import re
import shlex
from ipaddress import ip_address, ip_network
from typing import Annotated
from unicodedata import category
from urllib.parse import urlsplit

from pydantic import AfterValidator

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")
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
_SIZE = re.compile(r"[1-9]\d{0,8}[kmg]?")
_PYTHON = re.compile(r"3\.\d{1,2}(?:\.\d{1,2})?")
_SCHEDULE = re.compile(r"[A-Za-z0-9*:/,.~ -]+")
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


def _domain(value: str) -> str:
    name = value.removesuffix(".").lower()
    if not name.isascii():
        raise ValueError(f"write it in its ASCII form, {_punycode(name)!r}")
    if len(name) > 253 or not _DOMAIN.fullmatch(name) or name.rsplit(".", 1)[1].isdigit():
        raise ValueError('write a domain name like "example.com", without scheme, port or path')
    return name


def _punycode(name: str) -> str:
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return "xn--…"


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


def _address(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        raise ValueError('write an IP address like "192.0.2.7"') from None


def _network(value: str) -> str:
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f'write a network like "192.0.2.0/24" ({error})') from None


def _endpoint(value: str) -> str:
    address, _, port = value.rpartition(":")
    try:
        found = ip_address(address.removeprefix("[").removesuffix("]"))
    except ValueError:
        found = None
    if found is None or not port.isdecimal() or not port.isascii() or not 1 <= int(port) <= 65535:
        raise ValueError('write address and port, like "192.0.2.7:8000" or "[2001:db8::7]:8000"')
    return f"[{found}]:{int(port)}" if found.version == 6 else f"{found}:{int(port)}"


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


def _alias(value: str) -> str:
    return f"*.{_domain(value[2:])}" if value.startswith("*.") else _domain(value)


def is_address(name: str) -> bool:
    """Say whether a site is named by an IP address."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _site_name(value: str) -> str:
    return str(ip_address(value)) if is_address(value) else _domain(value)


Domain = Annotated[str, AfterValidator(_domain)]
"""A DNS host name in lower case (RFC 1123, section 2.1)."""

Alias = Annotated[str, AfterValidator(_alias)]
"""A DNS host name, or `*.` and one (RFC 9525, section 6.3)."""

SiteName = Annotated[str, AfterValidator(_site_name)]
"""A DNS host name, or the IP address of a server that has none."""

Name = Annotated[
    str, _matching(_NAME, 'use up to 31 lower-case letters, digits and "-", beginning with a letter')
]
"""The name of an upstream, a process or a job: a part of unit and upstream names."""

AppName = Annotated[
    str, _matching(_APP_NAME, 'use up to 27 lower-case letters, digits and "-", beginning with a letter')
]
"""The name of an app; with `app-` before it, it is a user's, of which Linux takes 31 characters."""

AsgiReference = Annotated[str, _matching(_ASGI, 'write "module:attribute", or "module:factory()"')]
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

Address = Annotated[str, AfterValidator(_address)]
Network = Annotated[str, AfterValidator(_network)]
Duration = Annotated[str, _matching(_DURATION, 'write a number and a unit, like "30s", "5m" or "1h"')]
HeaderSize = Annotated[str, _matching(_HEADER_SIZE, 'write kilobytes from "4k" to "999k"')]
Seconds = Annotated[str, _matching(_SECONDS, 'write a number and a unit, like "30s", "5m" or "1h"')]
"""A duration of whole seconds."""

Rate = Annotated[str, _matching(_RATE, 'write requests per second or minute, like "10/s" or "30/m"')]
Endpoint = Annotated[str, AfterValidator(_endpoint)]
"""An IP address and a port."""

FolderPath = Annotated[str, AfterValidator(_folder_path)]
"""A folder, absolute or relative, without a slash at its end."""

Size = Annotated[str, _matching(_SIZE, 'write a number of bytes, or of "k", "m" or "g", like "10m"')]


def _acme_directory(value: str) -> str:
    if value in {"letsencrypt", "letsencrypt-staging"}:
        return value
    try:
        return _url(value)
    except ValueError:
        raise ValueError('write "letsencrypt", "letsencrypt-staging" or a directory URL') from None


AcmeDirectory = Annotated[str, AfterValidator(_acme_directory)]
ControllerPath = Annotated[str, AfterValidator(_line), AfterValidator(lambda value: value or _refuse_empty())]
"""A path on the controller, relative to the folder in which pyinfra runs."""


def _refuse_empty() -> str:
    raise ValueError("write a path")


def _command(value: str) -> str:
    try:
        words = shlex.split(_line(value))
    except ValueError as error:
        raise ValueError(f"write one command line as for a shell ({str(error).lower()})") from None
    if not words:
        raise ValueError("write a command")
    return value


Command = Annotated[str, AfterValidator(_command)]
"""A command line: words, quoted where they must be; no shell reads it."""

Schedule = Annotated[str, _matching(_SCHEDULE, 'write when, like "hourly", "daily" or "Mon..Fri 06:30"')]
PythonVersion = Annotated[str, _matching(_PYTHON, 'write a version like "3.12"')]
Requirement = Annotated[str, _matching(_REQUIREMENT, 'write a package and its version, like "shop==1.2"')]
PackageName = Annotated[str, _matching(_PACKAGE_NAME, "use letters and digits, and ._- between them")]
"""A name as packages, extras and dependency groups have (PEP 508, 685, 735)."""

GitRef = Annotated[str, _matching(_GIT_REF, 'write a branch, a tag or a commit, like "main"')]
GitUrl = Annotated[str, AfterValidator(_git_url)]
