"""What a path of a site leads to: an app, other servers, a folder of files, or a redirect."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, Tag, model_validator

from deploys.config.contradiction import Contradiction
from deploys.config.directories import refuse_to_show
from deploys.config.fields import FileWithin, FolderPath, Name, RedirectTarget, UrlPath
from deploys.config.kinds import WrongError
from deploys.config.measures import Duration, Rate, Seconds, Size
from deploys.config.numbers import whole
from deploys.config.remedies import meant
from deploys.config.settings import Settings, told_apart_by

if TYPE_CHECKING:
    from deploys.config.server import Server


class Limits(Settings):
    """What one client may ask of a route; more is answered with 429.

    A client is an IPv4 address, or an IPv6 network of 64 bits, as every IPv6 client has one.
    """

    rate: Rate | None = None
    """Requests per second or minute, like `10/s` or `30/m`."""

    burst: Annotated[int, whole(0, 100_000)] = 20
    """How many requests above the rate are served at once before any is refused; none is delayed."""

    connections: Annotated[int, whole(1, 65_535)] | None = None
    """How many requests of one client may be open at a time."""

    @model_validator(mode="after")
    def _bursts_above_something(self) -> Self:
        if "burst" in self.model_fields_set and not self.rate:
            raise ValueError("burst does nothing without a rate; add one, or remove it")
        return self


class _Proxied(Settings):
    prefix: UrlPath | None = None
    """The path under which the app lives, if it is to know nothing of it: the app is asked for `/items`
    where the client asked for `/api/v1/items`, and its links and redirects still carry the prefix."""

    timeout: Duration = Field("60s", validate_default=True)
    """How long the app may stay silent before its client gets 504."""

    idle_timeout: Duration = Field("1h", validate_default=True)
    """How long a WebSocket, or a stream of server-sent events, may stay silent."""

    max_body: Size | None = None
    """The largest request body; the site's `max_body` unless given."""

    stream_requests: StrictBool = False
    """Whether the app gets a request's body while it arrives, rather than when all of it is there."""

    buffer_responses: StrictBool = False
    """Whether the proxy takes answers off the app's hands at once, however slowly the client reads."""

    limits: Limits = Limits()


class AppRoute(_Proxied):
    """Requests go to an app; WebSockets and streams need no setting."""

    app: Name
    """A name among `apps`."""


def _upstream(value: Any) -> Any:
    if isinstance(value, str) and re.search(r"[:/.]", value):
        raise WrongError('name one of the "upstreams", and write the address there')
    return value


class UpstreamRoute(_Proxied):
    """Requests go to servers that gatehouse does not run."""

    upstream: Annotated[Name, BeforeValidator(_upstream)]
    """A name among `upstreams`."""


class FilesRoute(Settings):
    """The proxy answers from a folder on the server."""

    files: Annotated[FolderPath, AfterValidator(refuse_to_show)]
    """The folder: an absolute path, like `/srv/www`, none of the system's or an app's own; or one relative to
    the app's code if `release_of` is given."""

    release_of: Name | None = None
    """A name among `apps`: the folder is a part of that app's code, and follows its releases."""

    fallback: FileWithin | None = None
    """The file of the folder that answers where there is none, like `index.html` of a single-page app: for
    all paths whose last part has no file extension."""

    expires: Seconds | None = None
    """How long clients may keep a file without asking again; they ask each time unless given, or with a
    `fallback` for a year if the file's name has a digest in it, like `index-3f2a1b9c.js`."""

    precompressed: StrictBool = True
    """Whether `style.css.gz` is sent for `style.css`, where it is there and the client takes it."""

    limits: Limits = Limits()

    @model_validator(mode="after")
    def _has_a_place(self) -> Self:
        if self.release_of and self.files.startswith("/"):
            raise ValueError('with "release_of", write the folder relative to the app\'s code, like "static"')
        if not self.release_of and not self.files.startswith("/"):
            raise ValueError('write an absolute path, or say whose it is with "release_of"')
        return self


class RedirectRoute(Settings):
    """The client is sent elsewhere; what follows the route's path is appended, and so is the query."""

    redirect: RedirectTarget
    """A URL, or a path on this site."""

    status: Literal[301, 302, 303, 307, 308] = 308
    """The status code; 307 and 308 keep the method, so that a POST stays one."""


Route = Annotated[
    Annotated[AppRoute, Tag("<app>")]
    | Annotated[UpstreamRoute, Tag("<upstream>")]
    | Annotated[FilesRoute, Tag("<files>")]
    | Annotated[RedirectRoute, Tag("<redirect>")],
    told_apart_by(
        "app",
        "upstream",
        "files",
        "redirect",
        bare="app",
        remedy='write exactly one of "app", "upstream", "files" and "redirect"',
    ),
]


def missing_targets(server: "Server") -> Iterator[Contradiction]:
    """Find the routes that lead to what is not there."""
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            match route:
                case AppRoute(app=name):
                    key, known = "app", sorted(server.apps)
                case UpstreamRoute(upstream=name):
                    key, known = "upstream", sorted(server.upstreams)
                case FilesRoute(release_of=str(name)):
                    key, known = "release_of", sorted(server.apps)
                case _:
                    continue
            if name not in known:
                remedy = f"name one of the {'upstreams' if key == 'upstream' else 'apps'} "
                remedy += f"({', '.join(known) or 'none yet'})"
                remedy = f"{meant(name, known)}{remedy}"
                yield Contradiction(("sites", domain, "routes", path, key), name, remedy)


def two_prefixes(server: "Server") -> Iterator[Contradiction]:
    """Find the apps that are to live under several prefixes."""
    prefixes: dict[str, str] = {}
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if isinstance(route, AppRoute):
                prefix = (route.prefix or "").rstrip("/")
                first = prefixes.setdefault(route.app, prefix)
                if prefix != first:
                    has = f"has {first!r}" if first else "has none"
                    remedy = f"give all routes of an app one prefix; {route.app!r} {has} elsewhere"
                    yield Contradiction(("sites", domain, "routes", path, "prefix"), prefix, remedy)


def apps_without_routes(server: "Server") -> Iterator[Contradiction]:
    """Find the apps that nobody could reach, and that do nothing else."""
    if not server.has_proxy:
        return
    routes = [route for site in server.sites.values() for route in site.routes.values()]
    led_to = {route.app for route in routes if isinstance(route, AppRoute)}
    led_to |= {route.release_of for route in routes if isinstance(route, FilesRoute) and route.release_of}
    if led_to - server.apps.keys() or server.snippets or any(site.snippets for site in server.sites.values()):
        return  # a route is misspelt, or there may be one that is not ours to read
    for app, settings in server.apps.items():
        if app not in led_to and not settings.processes and not settings.jobs:
            remedy = f'no route leads to it; give a site one, like "/": {{"app": {app!r}}}, or remove the app'
            yield Contradiction(("apps", app), {"source": settings.source}, remedy)
