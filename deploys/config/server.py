"""The whole of what a user may say about one server."""

import zlib
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticKnownError

from deploys.config.alerts import Alerts
from deploys.config.apps import App, shared_ports
from deploys.config.certificates import Acme, Backup
from deploys.config.circles import circles
from deploys.config.commands import entering
from deploys.config.contradiction import Contradiction
from deploys.config.edge import Edge, LoadBalancer, http3_behind_proxy_protocol
from deploys.config.fields import AppName, ControllerPath, Name
from deploys.config.homes import shown_homes, written_homes
from deploys.config.hosts import SiteName
from deploys.config.images import unlike_images
from deploys.config.issuable import (
    addresses_for_long,
    dns_without_credentials,
    misspelt_profiles,
    private_names,
    too_many_names,
    unprovable_names,
)
from deploys.config.measures import HeaderSize
from deploys.config.numbers import whole
from deploys.config.persistent import partly_persistent
from deploys.config.plain import nothing_for_tls
from deploys.config.proxies import NO_PROXY, ProxyName, ProxyProgram, program_of_proxy
from deploys.config.public import hasty_servers, nothing_to_proxy, ways_in
from deploys.config.reach import unknown_reach
from deploys.config.routes import apps_without_routes, missing_targets, two_prefixes
from deploys.config.settings import NOT_SAID, Settings
from deploys.config.sites import Site, shared_names
from deploys.config.upstreams import Upstream


def _each_once(sites: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    checked = handler(sites)
    if len(checked) < len(sites):
        names = sorted(map(repr, sites))
        raise ValueError(f"two of these names are the same one, keep one of them: {', '.join(names)}")
    return checked


_NO_CA = Acme.model_construct(email="")
"""Nothing is issued by it, as there are no certificates."""


def _by_proxy(given: Any, handler: ValidatorFunctionWrapHandler, others: ValidationInfo) -> Any:
    needs_none = others.data.get("proxy", NO_PROXY) == NO_PROXY
    needs_none |= others.field_name == "acme" and not _speaks_tls(others.data.get("edge"))
    if given is not NOT_SAID and not (needs_none and given == {}):
        return handler(given)
    if not needs_none:
        raise PydanticKnownError("missing")
    return _NO_CA if others.field_name == "acme" else {}


def _speaks_tls(edge: Edge | None) -> bool:
    return not (isinstance(edge, LoadBalancer) and edge.speaks == "HTTP")


class Server(Settings):
    """One server: its CA account, its proxy, its apps and its sites."""

    proxy: ProxyName = "nginx"
    """The program that answers on ports 80 and 443: `nginx`, `caddy` or `traefik`; [what each can
    do](proxies.md). `none` where [a load balancer](none.md) in front of the server has names, paths and
    certificates, and leads to the apps at their `public` ports."""

    edge: Edge | None = None
    """What stands between the clients and the server: nothing, Cloudflare, or a load balancer."""

    acme: Annotated[Acme, WrapValidator(_by_proxy)] = Field(NOT_SAID, validate_default=True)
    """The certificate authority and the account there (RFC 8555); nothing with `proxy = "none"`, or
    behind a load balancer that speaks plain HTTP."""

    proxy_program: ProxyProgram | None = None
    """Where Caddy or Traefik comes from, a release of its vendor or a file of yours; nginx is Debian's."""

    tls: Literal["intermediate", "modern"] = "intermediate"
    """TLSRef's profile: `intermediate` speaks TLS 1.2 and 1.3, `modern` 1.3 alone."""

    max_header: HeaderSize = Field("16k", validate_default=True)
    """The longest request line, the longest header field, and the longest head of an app's answer; longer
    ones get 414, 400 and 502. Of a request, Caddy counts the whole head, and Traefik lets it be four times as
    long; a longer one gets 431."""

    client_connections: Annotated[int, whole(1, 65_535)] = 512
    """How many requests of one client may be open at a time, at all sites together; more get 429."""

    snippets: tuple[ControllerPath, ...] = ()
    """Files in the proxy's own language, for what has no setting; at the level above the sites."""

    upstreams: dict[Name, Upstream] = {}
    """Servers that gatehouse does not run, by name."""

    apps: dict[AppName, App] = {}
    """The apps that run on the server, by name."""

    sites: Annotated[
        dict[SiteName, Site], Field(min_length=1), WrapValidator(_each_once), WrapValidator(_by_proxy)
    ] = Field(NOT_SAID, validate_default=True)
    """The virtual hosts, by domain name, or by IP address where there is none; none with `proxy = "none"`."""

    alerts: Alerts = Alerts()
    """Whom the server tells when a certificate, a renewal or a unit fails."""

    backup: Backup | None = None
    """Where the CA account and the certificates are kept, if they are."""

    @property
    def has_proxy(self) -> bool:
        """Whether a program on the server has names, paths and certificates, and not what stands in front."""
        return self.proxy != NO_PROXY

    @property
    def has_certificates(self) -> bool:
        """Whether the server itself speaks TLS, and not what stands in front alone."""
        return self.has_proxy and _speaks_tls(self.edge)

    @property
    def balancers(self) -> tuple[str, ...]:
        """The networks from which apps are reached, where nothing on the server stands before them."""
        return self.edge.addresses if isinstance(self.edge, LoadBalancer) and not self.has_proxy else ()

    def port(self, app: str) -> int:
        """Give the loopback port of an app's first slot; the second slot has the next one."""
        return self.apps[app].port or 20000 + 2 * (zlib.crc32(app.encode()) % 6000)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        found = [contradiction for check in _CHECKS for contradiction in check(self)]
        if found:
            raise ValidationError.from_exception_data(
                type(self).__name__,
                [
                    InitErrorDetails(
                        type=PydanticCustomError("contradiction", "{words}", {"words": remedy}),
                        loc=key,
                        input=value,
                    )
                    for key, value, remedy in found
                ],
            )
        return self


_CHECKS: tuple[Callable[[Server], Iterator[Contradiction]], ...] = (
    program_of_proxy,
    nothing_to_proxy,
    nothing_for_tls,
    ways_in,
    hasty_servers,
    unlike_images,
    entering,
    missing_targets,
    partly_persistent,
    written_homes,
    shown_homes,
    two_prefixes,
    http3_behind_proxy_protocol,
    shared_names,
    shared_ports,
    unknown_reach,
    unprovable_names,
    private_names,
    addresses_for_long,
    misspelt_profiles,
    dns_without_credentials,
    circles,
    apps_without_routes,
    too_many_names,
)
"""In the order in which what they find is told."""
