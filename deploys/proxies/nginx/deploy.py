"""nginx: the whole configuration as one tree, made live by one rename."""

from collections.abc import Iterator
from pathlib import Path

from pyinfra.context import host

from deploys.base.machine import Machine
from deploys.config import Server
from deploys.onhost.run import SYSTEMCTL, Commands
from deploys.proxies.nginx.features import features
from deploys.proxies.nginx.operations import InUse, make_live
from deploys.proxies.nginx.tree import service, tree
from deploys.refusal import Refusal
from deploys.routing import routing

PACKAGES = ("nginx", "logrotate")  # which nginx brings a rule for, but does not ask for
ACCESS_LOG = "/var/log/nginx/access.log"
RELOAD: Commands = (("/usr/sbin/nginx", "-t", "-q"), (SYSTEMCTL, "reload", "nginx"))


def deploy(server: Server, machine: Machine) -> None:
    """Make the configuration of the server's sites live, or leave everything as it is.

    Raises:
        Refusal: a file of the user's is not there, or a setting asks for what this nginx has not.

    """
    problems = [*_missing_features(server, machine)]
    texts: dict[str, str] = {}
    for key, path in _texts(server):
        try:
            texts[path] = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(f"{key}: {path!r}: cannot be read ({error})")
    if problems:
        raise Refusal("settings refused, nothing was changed\n" + "\n".join(problems))
    make_live(
        name="Make the nginx configuration live",
        files=tree(routing(server), machine, texts),
        service=service(machine),
    )


def in_use() -> dict[str, list[str]]:
    """Tell what nginx on the host in context needs now: `upstreams`, and directories of `certificates`."""
    found: dict[str, list[str]] = host.get_fact(InUse, argument=None)
    return found


def _missing_features(server: Server, machine: Machine) -> Iterator[str]:
    if not features(machine).http3:
        version = ".".join(map(str, machine.nginx))
        for domain, site in server.sites.items():
            if site.http3:
                yield f"sites[{domain!r}]['http3']: True: remove it, nginx {version} has no HTTP/3"


def _texts(server: Server) -> Iterator[tuple[str, str]]:
    yield from (("snippets", path) for path in server.snippets)
    for domain, site in server.sites.items():
        yield from ((f"sites[{domain!r}]['snippets']", path) for path in site.snippets)
        for status, path in site.error_pages.items():
            yield f"sites[{domain!r}]['error_pages'][{status}]", path
