"""From the routing to the files of Traefik's configuration. Pure.

Traefik looks at no file when it is asked. What hangs on one, a mark that gives a slot the traffic or puts a
site under maintenance, is written for both of its states, and `onhost/choices.py` chooses.
"""

from collections.abc import Mapping
from typing import Any

from deploys.proxies.client_ca import client_ca
from deploys.proxies.traefik.edges import believed
from deploys.proxies.traefik.onhost.choices import ABSENT, ALWAYS, MARKS, PRESENT, text
from deploys.proxies.traefik.onhost.where import PAGES, ROUTING, STATIC
from deploys.proxies.traefik.pieces import Marked, Piece, section
from deploys.proxies.traefik.services import pages
from deploys.proxies.traefik.sites import nobodys, plain, site
from deploys.proxies.traefik.static import static
from deploys.proxies.traefik.tls import tls
from deploys.render import render
from deploys.routing import Routing, VirtualHost

MAINTENANCE = 503


def files(routing: Routing, texts: Mapping[str, str]) -> dict[str, str]:
    """Render the whole configuration: contents by path below its own directory.

    Args:
        routing: the virtual hosts.
        texts: the contents of the user's own files, by their paths on the controller.

    """
    neutral = render("proxies/unavailable.html")
    pages_of_sites = {
        f"{PAGES}{_page(host)}": texts[host.site.error_pages[MAINTENANCE]]
        if MAINTENANCE in host.site.error_pages
        else neutral
        for host in routing.hosts
    }
    return {
        STATIC: text(static(routing.server, believed(routing.server.edge))),
        ROUTING: text(_routing(routing, client_ca(routing.server.edge, texts))),
        **pages_of_sites,
    }


def _routing(routing: Routing, ca: str) -> dict[str, Any]:
    edge = believed(routing.server.edge)
    over_tls = routing.hosts if routing.server.has_certificates else ()
    found = [pages(), *((*plain(routing), *nobodys()) if over_tls else ())]
    marked: list[Marked] = []
    for host in routing.hosts:
        for one in site(host, routing, edge, _page(host)):
            if isinstance(one, Piece):
                found.append(one)
            else:
                marked.append(one)
    return {
        ALWAYS: {**section(found), "tls": tls(over_tls, routing.server.tls, ca)},
        MARKS: {mark: _both(mark, marked) for mark in sorted({one.mark for one in marked})},
    }


def _both(mark: str, marked: list[Marked]) -> dict[str, Any]:
    here = [one for one in marked if one.mark == mark]
    return {
        PRESENT: section(piece for one in here for piece in one.present),
        ABSENT: section(piece for one in here for piece in one.absent),
    }


def _page(host: VirtualHost) -> str:
    """Give the path at which the page of a site's maintenance is had, which tells its status, too."""
    return f"/{MAINTENANCE}/{host.name}.html"
