"""What outlives releases, and the folders of a release from which the proxy answers."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from deploys.config.contradiction import Contradiction
from deploys.config.routes import FilesRoute

if TYPE_CHECKING:
    from deploys.config.server import Server


def partly_persistent(server: "Server") -> Iterator[Contradiction]:
    """Find folders that are persistent in part: the proxy answers from a whole one, or from a release."""
    for domain, site in server.sites.items():
        for path, route in site.routes.items():
            if not isinstance(route, FilesRoute) or route.release_of not in server.apps:
                continue
            folder = "" if route.files == "." else f"{route.files}/"
            for each in server.apps[route.release_of].persistent:
                if folder != each and (folder.startswith(each) or f"{each}/".startswith(folder)):
                    is_within = each.endswith("/") and folder.startswith(each)
                    right = f"write {each.rstrip('/')!r}" if is_within else "keep the two apart"
                    remedy = f"{each!r} is persistent, and so answered from as a whole or not at all; {right}"
                    yield Contradiction(("sites", domain, "routes", path, "files"), route.files, remedy)
