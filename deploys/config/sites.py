"""What a site answers: its names, and for each path an app, a folder of files or a redirect."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, StrictBool, Tag

from deploys.config.certificates import AcmeCertificate, Certificate
from deploys.config.fields import Alias, HostPath, Name, Size, Url, UrlPath
from deploys.config.settings import Settings


class AppRoute(Settings):
    """Requests go to an app."""

    app: Name
    """A name among `apps`."""


class FilesRoute(Settings):
    """The proxy answers from a folder on the server."""

    files: HostPath
    """The folder, an absolute path."""


class RedirectRoute(Settings):
    """The client is sent elsewhere; what follows the route's path is appended, and so is the query."""

    redirect: Url | UrlPath
    """A URL, or a path on this site."""

    status: Literal[301, 302, 303, 307, 308] = 308
    """The status code; 307 and 308 keep the method, so that a POST stays one."""


def _kind(route: Any) -> str | None:
    keys = set(route) if isinstance(route, dict) else set(type(route).model_fields)
    kinds = keys & {"app", "files", "redirect"}
    return f"<{kinds.pop()}>" if len(kinds) == 1 else None


Route = Annotated[
    Annotated[AppRoute, Tag("<app>")]
    | Annotated[FilesRoute, Tag("<files>")]
    | Annotated[RedirectRoute, Tag("<redirect>")],
    Discriminator(
        _kind,
        custom_error_type="route_kind",
        custom_error_message='write exactly one of "app", "files" and "redirect"',
    ),
]


def _no_path_twice(routes: dict[str, Route]) -> dict[str, Route]:
    paths = [path.rstrip("/") for path in routes]
    for path in paths:
        if paths.count(path) > 1:
            raise ValueError(f'keep one of "{path}" and "{path}/", they are the same route')
    return routes


class Site(Settings):
    """A virtual host and its certificate."""

    aliases: tuple[Alias, ...] = ()
    """Further names that the certificate covers; `*.example.com` for all below a name, by DNS."""

    redirect_aliases: StrictBool = True
    """Whether the aliases redirect to the site's own name, or are served as it is."""

    routes: Annotated[dict[UrlPath, Route], AfterValidator(_no_path_twice)]
    """Path to app, files or redirect; the longest path wins, and `/api/` does not cover `/apix`."""

    certificate: Certificate = AcmeCertificate()
    """Where the site's certificate comes from."""

    max_body: Size = "1m"
    """The largest request body; larger ones get 413."""
