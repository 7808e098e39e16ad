"""What names code that somebody has published: packages, their indexes, and repositories of git."""

import re
from typing import Annotated
from urllib.parse import urlsplit

from deploys.config import guesses
from deploys.config.fields import WRITE_URL, absolute_url, matching
from deploys.config.kinds import text

_VERSIONS = r" ?(?:===|==|~=|!=|<=|>=|<|>) ?[A-Za-z0-9.*+!-]+"
_REQUIREMENT = re.compile(
    rf"[A-Za-z0-9][A-Za-z0-9._-]*(?:\[[A-Za-z0-9._, -]+\])?(?:{_VERSIONS}(?:,{_VERSIONS})*)?"
)
_PACKAGE_NAME = re.compile(r"[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*")
_GIT_REF = re.compile(r"(?!-)[A-Za-z0-9._/+@-]+")
_GIT_URL = re.compile(r"(?!-)[A-Za-z0-9._~:/@+%=-]+")
_INDEX_USER = re.compile(r"[A-Za-z0-9._~!$&()*+,;=@%/-]+")


def _index_url(value: str) -> str:
    if "@" in urlsplit(absolute_url(value)).netloc:
        raise ValueError(
            'take the login out of it, and write {"url": …, "user": …, "password": {"env": …}} instead'
        )
    return value


def _secure_index_url(value: str) -> str:
    if urlsplit(_index_url(value)).scheme != "https":
        raise ValueError("write an https URL, so that nobody on the way reads the password")
    return value


_WRITE_GIT_URL = 'write a URL like "https://example.com/shop.git" or "git@example.com:shop.git"'


def _git_url(value: str) -> str:
    if not _GIT_URL.fullmatch(value):
        raise ValueError(_WRITE_GIT_URL)
    if value.startswith(("http://", "https://")) and "@" in urlsplit(value).netloc:
        raise ValueError(
            "take the login out of it, and leave it to a credential helper of git's, or use a key"
        )
    if guesses.repository(value) != value:
        raise ValueError(_WRITE_GIT_URL)
    return value


IndexUrl = Annotated[str, text(_index_url, WRITE_URL, guesses.url)]
"""A package index, without a login."""

SecureIndexUrl = Annotated[str, text(_secure_index_url, WRITE_URL, guesses.secure_url)]
IndexUser = Annotated[
    str, matching(_INDEX_USER, "write an account name of letters, digits and ._~!$&()*+,;=@%/-")
]
"""The user of HTTP's basic authentication, which can have no colon (RFC 7617, section 2)."""

Requirement = Annotated[
    str, matching(_REQUIREMENT, 'write a package and its version, like "shop==1.2"', guesses.requirement)
]
PackageName = Annotated[
    str, matching(_PACKAGE_NAME, "use letters and digits, and ._- between them", guesses.package_name)
]
"""A name as packages, extras and dependency groups have (PEP 508, 685, 735)."""

GitRef = Annotated[str, matching(_GIT_REF, 'write a branch, a tag or a commit, like "main"', guesses.git_ref)]
GitUrl = Annotated[str, text(_git_url, _WRITE_GIT_URL, guesses.repository)]
