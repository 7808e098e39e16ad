"""What a site answers: its names, its routes, and how it behaves."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, Discriminator, Field, StrictBool, Tag, model_validator

from deploys.config.certificates import AcmeCertificate, Certificate
from deploys.config.contradiction import Contradiction
from deploys.config.fields import HIDDEN, BlockedPath, ControllerPath, UrlPath
from deploys.config.hosts import Alias
from deploys.config.measures import Duration, Size
from deploys.config.numbers import seconds, whole
from deploys.config.routes import AppRoute, Route, UpstreamRoute
from deploys.config.settings import Settings

if TYPE_CHECKING:
    from deploys.config.server import Server

BLOCKED = (HIDDEN, "/cgi-bin", "/phpmyadmin", "/vendor/phpunit", "/wp-admin", "/wp-login.php", "/xmlrpc.php")
OURS = ("/.well-known/acme-challenge/", "/gatehouse-pages/")
"""Paths under which the proxy itself answers."""


_NEVER_ANSWERED = {418, 444, 499}
"""What HTTP leaves unused (RFC 9110, section 15.5.19), and what logs say where there was no answer."""


def _said_by_the_proxy(status: int) -> int:
    if status in _NEVER_ANSWERED:
        raise ValueError("remove it: the proxy never answers that")
    return status


ErrorStatus = Annotated[int, whole(400, 599), AfterValidator(_said_by_the_proxy)]


class Hsts(Settings):
    """What browsers are told about this site and HTTPS (RFC 6797)."""

    max_age: Annotated[int, seconds(0)] = 63_072_000
    """For how many seconds a browser uses nothing but HTTPS; 0 takes an earlier promise back."""

    include_subdomains: StrictBool = False
    """Whether that goes for every name below the site's, too."""

    preload: StrictBool = False
    """Whether browsers may ship the name in their lists, which is hard to undo."""

    @model_validator(mode="after")
    def _is_fit_for_preloading(self) -> Self:
        if self.preload and not (self.include_subdomains and self.max_age >= 31_536_000):
            raise ValueError("preload needs include_subdomains, and a max_age of a year (31536000) or more")
        return self


def _hsts_kind(hsts: Any) -> str | None:
    return "<none>" if hsts is False else "<hsts>" if isinstance(hsts, dict | Hsts) else None


def _once(routes: dict[str, Route]) -> dict[str, Route]:
    paths = [path.rstrip("/") for path in routes]
    for path in paths:
        if paths.count(path) > 1:
            raise ValueError(f'keep one of "{path}" and "{path}/", they are the same route')
    return routes


def _no_patterns(routes: dict[str, Route]) -> dict[str, Route]:
    for path in routes:
        if path.endswith("*"):
            raise ValueError(f'write "{path.rstrip("*")}": a route leads to all that is below its path')
    return routes


def _not_ours(routes: dict[str, Route]) -> dict[str, Route]:
    for path in routes:
        for ours in OURS:
            if f"{path.rstrip('/')}/".startswith(ours):
                raise ValueError(f'take another path than "{path}": gatehouse itself answers below {ours}')
    return routes


def _within_prefix(routes: dict[str, Route]) -> dict[str, Route]:
    for path, route in routes.items():
        prefix = route.prefix if isinstance(route, AppRoute | UpstreamRoute) else None
        if prefix and not f"{path.rstrip('/')}/".startswith(f"{prefix.rstrip('/')}/"):
            raise ValueError(f'"{path}" is not below its prefix "{prefix}"')
    return routes


def _is_blocked(path: str, start: str) -> bool:
    if start == HIDDEN:
        return "/." in path.removeprefix("/.well-known")
    return path.lower().startswith(start.lower())


class Site(Settings):
    """A virtual host and its certificate."""

    aliases: Annotated[tuple[Alias, ...], AfterValidator(lambda names: tuple(dict.fromkeys(names)))] = ()
    """Further names that the certificate covers; `*.example.com` for all below a name, by DNS."""

    redirect_aliases: StrictBool = True
    """Whether the aliases redirect to the site's own name, or are served as it is."""

    routes: Annotated[
        dict[UrlPath, Route],
        AfterValidator(_no_patterns),
        AfterValidator(_once),
        AfterValidator(_not_ours),
        AfterValidator(_within_prefix),
        Field(min_length=1),
    ]
    """Path to app, upstream, files or redirect; the longest path wins, and `/api/` does not cover `/apix`."""

    certificate: Certificate = AcmeCertificate()
    """Where the site's certificate comes from."""

    max_body: Size = Field("1m", validate_default=True)
    """The largest request body; larger ones get 413."""

    client_timeout: Duration = Field("30s", validate_default=True)
    """How long a client may pause while it sends a body or reads an answer."""

    hsts: Annotated[
        Annotated[Hsts, Tag("<hsts>")] | Annotated[Literal[False], Tag("<none>")],
        Discriminator(
            _hsts_kind,
            custom_error_type="alternative",
            custom_error_message='leave it out, or write False for none, or an object, {"max_age": …}',
        ),
    ] = Hsts()
    """Strict-Transport-Security on every answer, or `False` for none."""

    http3: StrictBool = False
    """Whether HTTP/3 is offered, on UDP port 443, where the proxy has it."""

    compress: StrictBool = True
    """Whether text is compressed on its way out."""

    blocked: tuple[BlockedPath, ...] = BLOCKED
    """Paths, with all that begins like them in capitals or not, whose requests are cut off without an answer;
    `/.` stands for hidden files at any depth, `/.well-known/` excepted."""

    error_pages: dict[ErrorStatus, ControllerPath] = {}
    """HTML files for what the proxy itself answers, by status: 502, 503 and 504 when the app does not
    answer, 503 also during maintenance. The app's own answers are left alone."""

    snippets: tuple[ControllerPath, ...] = ()
    """Files in the proxy's own language, for what has no setting; part of the site's own section."""

    @model_validator(mode="after")
    def _blocks_no_route(self) -> Self:
        for path in self.routes:
            for start in self.blocked:
                if _is_blocked(path, start):
                    raise ValueError(f'nothing gets to the route "{path}": take "{start}" out of blocked')
        return self


def shared_names(server: "Server") -> Iterator[Contradiction]:
    """Find the names that two sites have."""
    owners: dict[str, str] = {domain: domain for domain in server.sites}
    for domain, site in server.sites.items():
        for alias in site.aliases:
            owner = owners.setdefault(alias, domain)
            if owner != domain or alias == domain:
                remedy = f"the name already belongs to sites[{owner!r}]"
                yield Contradiction(("sites", domain, "aliases"), alias, remedy)
