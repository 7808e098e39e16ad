"""All that a user may say, as frozen models of plain data. Pure: nothing here knows pyinfra."""

from deploys.config.alerts import Alerts
from deploys.config.apps import App, Health
from deploys.config.certificates import Acme, AcmeCertificate, OwnCertificate
from deploys.config.server import Server
from deploys.config.sites import AppRoute, FilesRoute, RedirectRoute, Route, Site

__all__ = [
    "Acme",
    "AcmeCertificate",
    "Alerts",
    "App",
    "AppRoute",
    "FilesRoute",
    "Health",
    "OwnCertificate",
    "RedirectRoute",
    "Route",
    "Server",
    "Site",
]
