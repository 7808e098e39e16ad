"""All that a user may say, as frozen models of plain data. Pure: nothing here knows pyinfra."""

from deploys.config.alerts import Alerts
from deploys.config.apps import App
from deploys.config.certificates import Acme, AcmeCertificate, Backup, OwnCertificate
from deploys.config.edge import Cloudflare, Edge, LoadBalancer
from deploys.config.execution import Health
from deploys.config.public import Public
from deploys.config.routes import AppRoute, FilesRoute, Limits, RedirectRoute, Route, UpstreamRoute
from deploys.config.server import Server
from deploys.config.sites import Hsts, Site
from deploys.config.upstreams import Upstream

__all__ = [
    "Acme",
    "AcmeCertificate",
    "Alerts",
    "App",
    "AppRoute",
    "Backup",
    "Cloudflare",
    "Edge",
    "FilesRoute",
    "Health",
    "Hsts",
    "Limits",
    "LoadBalancer",
    "OwnCertificate",
    "Public",
    "RedirectRoute",
    "Route",
    "Server",
    "Site",
    "Upstream",
    "UpstreamRoute",
]
