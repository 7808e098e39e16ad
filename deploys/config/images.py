"""An app as an OCI image: where the image comes from, and how it is run."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Tag

from deploys.config import guesses
from deploys.config.command_lines import ContainedCommand
from deploys.config.contradiction import Contradiction
from deploys.config.fields import ControllerPath, Line
from deploys.config.kinds import text
from deploys.config.numbers import whole
from deploys.config.secrets import Origin
from deploys.config.settings import Settings, told_apart_by

if TYPE_CHECKING:
    from deploys.config.apps import App
    from deploys.config.server import Server

ARCHIVES = (".tar", ".tar.gz", ".tgz")
_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    r"(?P<registry>(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d{1,5})?|[a-z0-9.-]+:\d{1,5})"
    rf"(?:/{_PART})+(?::[\w][\w.-]{{0,127}})?@sha256:[0-9a-f]{{64}}",
    re.ASCII,
)
_REMEDY = (
    'write an image with its registry and its digest, like "registry.example.com/shop@sha256:…", '
    'or the file of an archive, like "dist/shop.tar"'
)


def _image(value: str) -> str:
    if value.endswith(ARCHIVES) and "@" not in value:
        return value
    if not _REFERENCE.fullmatch(value):
        raise ValueError(_REMEDY)
    return value


class Containerfile(Settings):
    """A directory on the controller from which the server builds the image."""

    containerfile: ControllerPath
    """The directory that has a `Containerfile` or `Dockerfile`; all that git tracks there is sent."""


class Login(Settings):
    """What a registry asks for."""

    user: Line
    """The account there."""

    password: Origin
    """Where the password or token is: an object with `env`, `file` or `command`, as for an app's secrets."""


Image = Annotated[
    Annotated[str, text(_image, _REMEDY, guesses.trimmed), Tag("<name>")]
    | Annotated[Containerfile, Tag("<containerfile>")],
    told_apart_by("containerfile", text="<name>", remedy=f'{_REMEDY}, or an object with "containerfile"'),
]


class ImageSource(Settings):
    """An OCI image, which rootless podman runs as the app's user."""

    image: Image
    """`registry/name@sha256:…`, the file of an archive on the controller (as of `podman save`), or an
    object with `containerfile`."""

    login: Login | None = None
    """The login of the registry, where it asks for one."""

    @property
    def archive(self) -> str | None:
        """The file of the archive, if it is one."""
        return self.image if isinstance(self.image, str) and self.image.endswith(ARCHIVES) else None

    @property
    def registry(self) -> str | None:
        """The registry, if the image comes from there as it is."""
        found = _REFERENCE.fullmatch(self.image) if isinstance(self.image, str) else None
        return found["registry"] if found else None


class Container(Settings):
    """How an image is run."""

    port: Annotated[int, whole(1, 65535)] | None = None
    """The port at which its server listens in the container; the one that the image exposes unless given, or
    8000."""

    command: ContainedCommand | None = None
    """What runs in place of the image's own entrypoint and command; `$PORT` and `$GATEHOUSE_PREFIX` in it are
    replaced."""


_OF_PYTHON = (
    *("asgi", "wsgi", "server", "workers", "recycle_after", "threads", "python", "working_directory"),
    *("dependencies", "indexes", "build", "include", "sources"),
)
"""Settings that an image has answered already."""


def unlike_images(server: "Server") -> Iterator[Contradiction]:
    """Find settings that an app as an image does not have, and those that only such an app has."""
    for app, settings in server.apps.items():
        if isinstance(settings.source, ImageSource):
            yield from _of_an_image(server, app, settings)
        elif "container" in settings.model_fields_set:
            remedy = 'remove it, or write {"image": …} as the source'
            yield Contradiction(("apps", app, "container"), _shown(settings, "container"), remedy)


def _of_an_image(server: "Server", app: str, settings: "App") -> Iterator[Contradiction]:
    for key in _OF_PYTHON:
        if key in settings.model_fields_set:
            yield Contradiction(
                ("apps", app, key), _shown(settings, key), "remove it: the image has that in it"
            )
    if settings.public is not None:
        remedy = "remove it: an app as an image has a proxy of this server before it"
        yield Contradiction(("apps", app, "public"), _shown(settings, "public"), remedy)
    for number, word in enumerate(settings.reach):
        if word in server.apps:
            remedy = f"write its ports: 127.0.0.1:{server.port(word)}-{server.port(word) + 1}"
            yield Contradiction(("apps", app, "reach", number), word, remedy)
    if settings.sandbox.loosen:
        remedy = "remove it: what holds a container is podman's"
        yield Contradiction(("apps", app, "sandbox", "loosen"), [*settings.sandbox.loosen], remedy)
    source = settings.source
    if isinstance(source, ImageSource) and source.login and not source.registry:
        remedy = "remove it: there is no registry to log in to"
        if not source.archive:
            remedy = "remove it: a build takes the images that it begins with from open registries"
        yield Contradiction(("apps", app, "source", "login"), {"user": source.login.user}, remedy)


def _shown(settings: "App", key: str) -> object:
    return settings.model_dump(mode="json", include={key}, exclude_unset=True).get(key)
