"""Where an app's code comes from, and the indexes that its dependencies come from."""

from typing import Annotated

from pydantic import Tag

from deploys.config.fields import ControllerPath, GitRef, GitUrl, Requirement, Url
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


Source = Annotated[
    Annotated[ControllerPath, Tag("<directory>")]
    | Annotated[GitSource, Tag("<git>")]
    | Annotated[WheelSource, Tag("<wheel>")]
    | Annotated[PackageSource, Tag("<package>")],
    told_apart_by(
        "git",
        "wheel",
        "package",
        text="<directory>",
        remedy='write a directory, or exactly one of "git", "wheel" and "package"',
    ),
]


class Indexes(Settings):
    """Package indexes besides, or instead of, the public one."""

    default: Url | None = None
    """The index to use instead of PyPI."""

    extra: tuple[Url, ...] = ()
    """Indexes that are asked first; a package that one of them has is taken from there alone."""

    ca_bundle: ControllerPath | None = None
    """A PEM file on the controller with private roots that sign the indexes' certificates."""
