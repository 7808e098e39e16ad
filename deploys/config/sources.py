"""Where an app's code comes from, and the indexes that its dependencies come from."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from deploys.config.fields import ControllerPath, GitRef, GitUrl, Requirement, Url
from deploys.config.settings import Settings


class GitSource(Settings):
    """A git repository, fetched by the controller; the server never sees the key."""

    git: GitUrl
    """The repository's URL, like `git@example.com:shop.git`, or a path on the controller."""

    ref: GitRef = "HEAD"
    """A branch, a tag or a commit; looked up at each run."""

    key: ControllerPath | None = None
    """A deploy key on the controller: the file of an SSH private key."""

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


def _kind(source: Any) -> str | None:
    if isinstance(source, str):
        return "<directory>"
    keys = set(source) if isinstance(source, dict) else set(type(source).model_fields)
    kinds = keys & {"git", "wheel", "package"}
    return f"<{kinds.pop()}>" if len(kinds) == 1 else None


Source = Annotated[
    Annotated[ControllerPath, Tag("<directory>")]
    | Annotated[GitSource, Tag("<git>")]
    | Annotated[WheelSource, Tag("<wheel>")]
    | Annotated[PackageSource, Tag("<package>")],
    Discriminator(
        _kind,
        custom_error_type="source_kind",
        custom_error_message='write a directory, or exactly one of "git", "wheel" and "package"',
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
