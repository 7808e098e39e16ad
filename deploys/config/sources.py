"""Where an app's code comes from, and the indexes that its dependencies come from."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import BeforeValidator, StrictBool, Tag, model_validator

from deploys.config import guesses
from deploys.config.fields import ControllerPath, SourcePath
from deploys.config.images import ImageSource
from deploys.config.kinds import WrongError
from deploys.config.packages import (
    GitRef,
    GitUrl,
    IndexUrl,
    IndexUser,
    PackageName,
    Requirement,
    SecureIndexUrl,
)
from deploys.config.secrets import Origin
from deploys.config.settings import Settings, told_apart_by


class GitSource(Settings):
    """A git repository, fetched by the controller; the server never sees the key."""

    git: GitUrl
    """The repository's URL, like `git@example.com:shop.git`, or a path on the controller."""

    ref: GitRef = "HEAD"
    """A branch, a tag or a commit; looked up at each run."""

    key: ControllerPath | None = None
    """A deploy key on the controller: the file of an SSH private key."""

    known_hosts: ControllerPath | None = None
    """A file on the controller with the SSH host keys to believe, instead of those that its own ssh knows."""

    directory: ControllerPath | None = None
    """The app's directory within the repository."""


class WheelSource(Settings):
    """A wheel on the controller."""

    wheel: ControllerPath
    """The file, like `dist/shop-1.2-py3-none-any.whl`."""


class PackageSource(Settings):
    """A package from an index."""

    package: Requirement
    """What to ask the index for, like `shop==1.2` or `shop[redis]==1.2`."""


_REMOTE = re.compile(r"(?:[a-z+]+://|[\w.-]+@[\w.-]+:)")


def _directory(value: Any) -> Any:
    """Refuse the address of a repository, a wheel, or a requirement: no directory is called so."""
    kind = None
    if isinstance(value, str) and value.rstrip("/") in {"", "~"} and value:
        raise WrongError("write the directory of the app alone: all that is in it is sent to the server")
    if isinstance(value, str):
        kind = "git" if _REMOTE.match(value) or guesses.OF_A_FORGE.match(value) else None
        kind = "wheel" if value.endswith(".whl") else "package" if "==" in value else kind
    if kind:
        raise WrongError(f'that is no directory; write an object, {{"{kind}": …}}', {kind: value})
    return value


Directory = Annotated[ControllerPath, BeforeValidator(_directory)]

Source = Annotated[
    Annotated[Directory, Tag("<directory>")]
    | Annotated[GitSource, Tag("<git>")]
    | Annotated[WheelSource, Tag("<wheel>")]
    | Annotated[PackageSource, Tag("<package>")]
    | Annotated[ImageSource, Tag("<image>")],
    told_apart_by(
        "git",
        "wheel",
        "package",
        "image",
        text="<directory>",
        remedy='write a directory, or exactly one of "git", "wheel", "package" and "image"',
    ),
]


Tree = Annotated[
    Annotated[Directory, Tag("<directory>")] | Annotated[GitSource, Tag("<git>")],
    told_apart_by("git", text="<directory>", remedy='write a directory, or an object with "git"'),
]
"""What has files of its own, with a place among others."""


def place_of(path: str, places: Iterable[str]) -> str | None:
    """Find which of some directories a path lies in."""
    return next((place for place in places if path.startswith(f"{place}/")), None)


class Dependencies(Settings):
    """What of a project is installed, beyond what it always depends on."""

    extras: tuple[PackageName, ...] = ()
    """Extras of the project or wheel, like `postgres`."""

    groups: tuple[PackageName, ...] = ()
    """Dependency groups of the project, like `production`; `dev` is left out unless it is named here."""

    listed_in: SourcePath | None = None
    """The file of the source that says what to install, like `requirements/production.txt`; the first that is
    there unless given: a lock, `pyproject.toml`, a file of requirements, `setup.py`."""

    editable: StrictBool = True
    """Whether the project is imported from its source, where it finds the files beside its modules, rather
    than from a copy that its build backend makes."""

    package: PackageName | None = None
    """In a workspace of uv's: the member that is the app, like `shop`; nothing but what it needs is then
    installed."""

    @classmethod
    def _named(cls, text: str) -> str:
        return "listed_in" if re.search(r"/|\.\w+$", text) else super()._named(text)

    def suit(self, source: str | GitSource | WheelSource | PackageSource | ImageSource) -> None:
        """See that the source is one of which they can be had.

        Raises:
            ValueError: it is not.

        """
        if isinstance(source, PackageSource) and self != Dependencies():
            raise ValueError('remove it, and write extras in the package, like "shop[redis]==1.2"')
        if isinstance(source, WheelSource) and self != Dependencies(extras=self.extras):
            raise ValueError("a wheel has only extras: remove the rest")


class PrivateIndex(Settings):
    """A package index that asks for a login."""

    url: SecureIndexUrl
    """Where it is: an `https` URL."""

    user: IndexUser
    """The account there; some indexes want `__token__`."""

    password: Origin
    """Where the password or token is: an object with `env`, `file` or `command`, as for an app's secrets."""

    @property
    def host(self) -> str:
        """The name for which the login counts."""
        return str(urlsplit(self.url).hostname)


Index = Annotated[
    Annotated[IndexUrl, Tag("<open>")] | Annotated[PrivateIndex, Tag("<url>")],
    told_apart_by(
        "url",
        text="<open>",
        remedy='write a URL, or an object with "url", "user" and "password" for an index with a login',
    ),
]


class Indexes(Settings):
    """Package indexes besides, or instead of, the public one."""

    default: Index | None = None
    """The index to use instead of PyPI: a URL, or an object with `url`, `user` and `password`."""

    extra: tuple[Index, ...] = ()
    """Indexes that are asked first, each like `default`; a package that one of them has is taken from there
    alone."""

    ca_bundle: ControllerPath | None = None
    """A PEM file on the controller with private roots that sign the indexes' certificates."""

    @property
    def default_url(self) -> str | None:
        return None if self.default is None else _url_of(self.default)

    @property
    def extra_urls(self) -> tuple[str, ...]:
        return tuple(map(_url_of, self.extra))

    @model_validator(mode="after")
    def _one_login_for_a_host(self) -> Self:
        logins: dict[str, tuple[str, Origin]] = {}
        for index in (self.default, *self.extra):
            if isinstance(index, PrivateIndex):
                login = (index.user, index.password)
                if logins.setdefault(index.host, login) != login:
                    raise ValueError(f"give all indexes at {index.host} the same user and password")
        return self


def _url_of(index: str | PrivateIndex) -> str:
    return index.url if isinstance(index, PrivateIndex) else index
