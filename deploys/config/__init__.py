"""All that a user may say, as frozen models of plain data. Pure: nothing here knows pyinfra."""

from deploys.config.apps import App, Health
from deploys.config.certificates import Acme
from deploys.config.server import Server
from deploys.config.sites import AppRoute, FilesRoute, RedirectRoute, Route, Site

__all__ = ["Acme", "App", "AppRoute", "FilesRoute", "Health", "RedirectRoute", "Route", "Server", "Site"]
