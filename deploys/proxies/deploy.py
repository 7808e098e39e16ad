"""The proxy, whichever it is: its whole configuration, from the settings and the user's own files."""

from collections.abc import Callable, Iterator
from pathlib import Path

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.proxies.table import proxy_for
from deploys.refusal import Refusal
from deploys.routing import routing


def deploy(server: Server, machine: Machine, reached: Callable[[], Server]) -> None:
    """Make the configuration of the server's sites live, or leave everything as it is.

    Args:
        server: the settings.
        machine: what the host is.
        reached: gives the settings as far as the apps have got to them by then.

    Raises:
        Refusal: a file of the user's is not there, or a setting asks for what the proxy cannot do.

    """
    proxy = proxy_for(server)
    problems = [*proxy.refusals(server, machine)]
    texts: dict[str, str] = {}
    for key, path in _texts(server):
        try:
            texts[path] = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{key}: {path!r}: cannot be read ({error})")
    if problems:
        raise Refusal("settings refused, nothing was changed\n" + "\n".join(problems))
    proxy.make_live(lambda: proxy.render(routing(reached()), machine, texts), machine)


def _texts(server: Server) -> Iterator[tuple[str, str]]:
    yield from (("snippets", path) for path in server.snippets)
    for domain, site in server.sites.items():
        yield from ((f"sites[{domain!r}]['snippets']", path) for path in site.snippets)
        for status, path in site.error_pages.items():
            yield f"sites[{domain!r}]['error_pages'][{status}]", path
