"""Directories of the server that an app may be given to write in, or the proxy to answer from. Pure."""

import re
from typing import Annotated

from deploys.config import guesses
from deploys.config.kinds import text

_PATH = re.compile(r"/[A-Za-z0-9._@+/-]*")
_A_FILE = re.compile(
    r"\.(?:css|gif|html?|ico|jpe?g|json|pdf|png|svg|txt|webmanifest|webp|xml)$", re.IGNORECASE
)
"""How a file ends that people give an address of its own."""

_OF_THE_SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sbin", "/snap"),
    *("/sys", "/usr"),
)
_OF_GATEHOUSE = ("/opt/gatehouse", "/run/gatehouse", "/var/lib/gatehouse")
_OF_MANY = (
    *("/", "/dev/shm", "/home", "/media", "/mnt", "/opt", "/run", "/srv", "/usr/local", "/usr/share"),  # noqa: S108
    *("/var", "/var/cache", "/var/lib", "/var/log", "/var/run", "/var/spool"),
)
"""Directories in which everybody has one of theirs, and which are nobody's as a whole."""
_HOMES = ("/home", "/root")
_FLEETING = ("/tmp", "/var/tmp")  # noqa: S108  # names, nothing is made there
_ALL_THE_SAME = ("/dev/shm", "/usr/local", "/usr/share")  # noqa: S108
"""What lies in one of the system's, and can have directories of others in it."""

_WRITE = 'write an absolute path like "/srv/uploads", of letters, digits and ._@+-'


def _writable(value: str) -> str:
    if not _PATH.fullmatch(value) or {".", ".."} & {*value.split("/")} or "//" in value:
        raise ValueError(_WRITE)
    whose = _of_others(value)
    if whose:
        raise ValueError(f'write a directory of its own, like "/srv/uploads": {whose}')
    if home := _around(value, _HOMES):
        raise ValueError(f'write a directory like "/srv/uploads": the sandbox hides {home}')
    if place := _around(value, _FLEETING):
        raise ValueError(f"remove it: each unit has a {place} of its own, which it can write and nobody sees")
    return value


def refuse_to_show(folder: str) -> str:
    """See that a folder may be one from which the proxy answers.

    Raises:
        ValueError: it is none.

    """
    if _A_FILE.search(folder):
        raise ValueError(
            "write the folder that has it; for a single file redirect there, like "
            '"/robots.txt": {"redirect": "/static/robots.txt"}'
        )
    whose = folder.startswith("/") and _of_others(folder)
    if whose:
        raise ValueError(f'write a folder of its own, like "/srv/www": {whose}')
    if _around(folder, ("/root",)):
        raise ValueError('write a folder like "/srv/www": the proxy may not look into /root')
    if _around(folder, ("/var/log",)):
        raise ValueError('write a folder like "/srv/www": logs are not for everybody to read')
    if place := _around(folder, _FLEETING):
        raise ValueError(f'write a folder like "/srv/www": {place} is emptied, and open to all')
    return folder


def _of_others(path: str) -> str | None:
    """Say whose a directory is; None for one that may be anybody's."""
    path = path.rstrip("/") or "/"
    if path in _OF_MANY:
        return f"{path} has others' in it"
    if _around(path, _OF_GATEHOUSE):
        return f"{_around(path, _OF_GATEHOUSE)} is gatehouse's"
    system = _around(path, _OF_THE_SYSTEM)
    return f"{system} is the system's" if system and not _around(path, _ALL_THE_SAME) else None


def _around(path: str, places: tuple[str, ...]) -> str | None:
    """Find the one of some directories that a path is, or lies in."""
    return next((place for place in places if f"{path}/".startswith(f"{place}/")), None)


def _nearest(value: str) -> str | None:
    return guesses.absolute_path(guesses.folder(value))


Writable = Annotated[str, text(_writable, _WRITE, _nearest)]
"""A directory of the server that an app may write in."""
