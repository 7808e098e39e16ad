"""The settings as far as the apps have got: one that failed is where it was. Pure."""

from collections.abc import Mapping

from deploys.apps.state import Address, Found
from deploys.config import App, AppRoute, Server, Site


def reached(server: Server, failed: Mapping[str, Found]) -> Server:
    """Have routes lead to where apps that failed have the traffic.

    Args:
        server: the settings.
        failed: what the host has of these apps, by name.

    """
    slots = {name: found.slot(found.live) for name, found in failed.items()}
    stayed = {name: slot.address for name, slot in slots.items() if slot.served and slot.address}
    if not stayed:
        return server
    apps: dict[str, App] = {
        name: app.model_copy(update={"port": stayed[name].port}) if name in stayed else app
        for name, app in server.apps.items()
    }
    sites = {domain: _site(site, stayed) for domain, site in server.sites.items()}
    return server.model_copy(update={"apps": apps, "sites": sites})


def _site(site: Site, stayed: Mapping[str, Address]) -> Site:
    routes = dict(site.routes)
    for path, route in site.routes.items():
        if not isinstance(route, AppRoute) or route.app not in stayed:
            continue
        prefix = stayed[route.app].prefix
        was_at = f"{prefix}/"
        # The path that was the app's prefix has gone on to the new one together with it.
        moves = route.prefix and path.rstrip("/") == route.prefix.rstrip("/") and was_at not in routes
        del routes[path]
        routes[was_at if moves else path] = route.model_copy(update={"prefix": prefix or None})
    return site.model_copy(update={"routes": routes})
