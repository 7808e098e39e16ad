"""The whole of what a user may say about one server."""

import zlib
from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from deploys.config.alerts import Alerts
from deploys.config.apps import App
from deploys.config.certificates import Acme, AcmeCertificate, Backup
from deploys.config.edge import Edge, LoadBalancer
from deploys.config.fields import AppName, ControllerPath, HeaderSize, Name, SiteName, is_address
from deploys.config.routes import AppRoute, FilesRoute, UpstreamRoute
from deploys.config.settings import Settings
from deploys.config.sites import Site
from deploys.config.upstreams import Upstream


class _Contradiction(NamedTuple):
    key: tuple[str, ...]
    value: object
    remedy: str


class Server(Settings):
    """One server: its CA account, its proxy, its apps and its sites."""

    acme: Acme

    proxy: Literal["nginx"] = "nginx"
    """The program that answers on ports 80 and 443."""

    tls: Literal["intermediate", "modern"] = "intermediate"
    """TLSRef's profile: `intermediate` speaks TLS 1.2 and 1.3, `modern` 1.3 alone."""

    edge: Edge | None = None
    """What stands between the clients and the server: nothing, Cloudflare, or a load balancer."""

    max_header: HeaderSize = "16k"
    """The longest request line, and the longest header field; longer ones get 414 and 400."""

    snippets: tuple[ControllerPath, ...] = ()
    """Files in the proxy's own language, for what has no setting; at the level above the sites."""

    upstreams: dict[Name, Upstream] = {}
    """Servers that gatehouse does not run, by name."""

    apps: dict[AppName, App] = {}
    """The apps that run on the server, by name."""

    sites: dict[SiteName, Site] = Field(min_length=1)
    """The virtual hosts, by domain name, or by IP address where there is none."""

    alerts: Alerts = Alerts()
    """Whom the server tells when a certificate, a renewal or a unit fails."""

    backup: Backup | None = None
    """Where the CA account and the certificates are kept, if they are."""

    def port(self, app: str) -> int:
        """Give the loopback port of an app's first slot; the second slot has the next one."""
        return self.apps[app].port or 20000 + 2 * (zlib.crc32(app.encode()) % 6000)

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        checks = (
            self._missing_targets,
            self._two_prefixes,
            self._http3_behind_proxy_protocol,
            self._shared_names,
            self._shared_ports,
            self._unprovable_names,
        )
        found = [contradiction for check in checks for contradiction in check()]
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

    def _missing_targets(self) -> Iterator[_Contradiction]:
        for domain, site in self.sites.items():
            for path, route in site.routes.items():
                match route:
                    case AppRoute(app=name):
                        key, known = "app", sorted(self.apps)
                    case UpstreamRoute(upstream=name):
                        key, known = "upstream", sorted(self.upstreams)
                    case FilesRoute(release_of=str(name)):
                        key, known = "release_of", sorted(self.apps)
                    case _:
                        continue
                if name not in known:
                    remedy = f"name one of the {'upstreams' if key == 'upstream' else 'apps'} "
                    remedy += f"({', '.join(known) or 'none yet'})"
                    yield _Contradiction(("sites", domain, "routes", path, key), name, remedy)

    def _two_prefixes(self) -> Iterator[_Contradiction]:
        prefixes: dict[str, str] = {}
        for domain, site in self.sites.items():
            for path, route in site.routes.items():
                if isinstance(route, AppRoute):
                    prefix = (route.prefix or "").rstrip("/")
                    first = prefixes.setdefault(route.app, prefix)
                    if prefix != first:
                        remedy = (
                            f'give all routes of an app one prefix; {route.app!r} has "{first}" elsewhere'
                        )
                        yield _Contradiction(("sites", domain, "routes", path, "prefix"), prefix, remedy)

    def _http3_behind_proxy_protocol(self) -> Iterator[_Contradiction]:
        if isinstance(self.edge, LoadBalancer) and self.edge.tells_by == "PROXY":
            for domain, site in self.sites.items():
                if site.http3:
                    remedy = (
                        "remove it; the edge's PROXY protocol is spoken over TCP alone, and HTTP/3 over UDP"
                    )
                    yield _Contradiction(("sites", domain, "http3"), site.http3, remedy)

    def _shared_names(self) -> Iterator[_Contradiction]:
        owners: dict[str, str] = {domain: domain for domain in self.sites}
        for domain, site in self.sites.items():
            for alias in site.aliases:
                owner = owners.setdefault(alias, domain)
                if owner != domain or alias == domain:
                    remedy = f"the name already belongs to sites[{owner!r}]"
                    yield _Contradiction(("sites", domain, "aliases"), alias, remedy)

    def _shared_ports(self) -> Iterator[_Contradiction]:
        owners: dict[int, str] = {}
        for app in self.apps:
            for port in (self.port(app), self.port(app) + 1):
                owner = owners.setdefault(port, app)
                if owner != app:
                    remedy = f"apps[{owner!r}] has that port; each app takes two, so set another"
                    yield _Contradiction(("apps", app, "port"), port, remedy)

    def _unprovable_names(self) -> Iterator[_Contradiction]:
        for domain, site in self.sites.items():
            if not isinstance(site.certificate, AcmeCertificate):
                continue
            challenge = site.certificate.challenge
            wildcards = [alias for alias in site.aliases if alias.startswith("*")]
            if wildcards and challenge == "http":
                remedy = "a wildcard is proven by DNS alone; set challenge to 'dns', or remove it"
                yield _Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
            elif wildcards and not self.acme.dns:
                remedy = "a wildcard is proven by DNS alone; set acme['dns'] to a plugin or a hook"
                yield _Contradiction(("sites", domain, "aliases"), wildcards[0], remedy)
            elif challenge == "dns" and not self.acme.dns:
                key = ("sites", domain, "certificate", "challenge")
                yield _Contradiction(key, challenge, "set acme['dns'] to a plugin or a hook")
            elif is_address(domain) and (challenge == "dns" or wildcards):
                key = ("sites", domain, "certificate", "challenge")
                yield _Contradiction(key, challenge, "an IP address is proven over HTTP alone; remove it")
