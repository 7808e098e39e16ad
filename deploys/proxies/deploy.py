"""The proxy, whichever it is: its program, its whole configuration, and what is left of another one."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pyinfra.context import host

from deploys import given
from deploys import looks as looks_of_host
from deploys.base import owned
from deploys.base.machine import Machine
from deploys.config import Server
from deploys.config.edge import OF_CLOUDFLARE
from deploys.firewall import closing
from deploys.looks import Look, Script
from deploys.places.owned import Owned
from deploys.places.watch import told_of
from deploys.proxies import client_ca, ports
from deploys.proxies import program as programs
from deploys.proxies.contract import Ground, Proxy
from deploys.proxies.lacks import lacking
from deploys.proxies.program import Program
from deploys.proxies.table import PROXIES, proxy_for
from deploys.refusal import Refusal
from deploys.routing import routing


def packages(server: Server) -> tuple[str, ...]:
    """List the Debian packages that the proxy needs, and what closes its ports to others."""
    return (*proxy_for(server).packages, *closing.packages(server))


def looks(server: Server) -> list[Look | Script]:
    """Say what is looked at to have the proxy serve, and no other."""
    proxy = proxy_for(server)
    program = _program(proxy, server)
    others = [owned.look(_left_by(other)) for other in _others(proxy)]
    return [
        proxy.look(),
        ports.look(server),
        closing.look(server),
        *others,
        *([programs.look(program)] if program else []),
    ]


def deploy(server: Server, machine: Machine, reached: Callable[[], Server]) -> None:
    """Make the configuration of the server's sites live, or leave everything as it is.

    Args:
        server: the settings.
        machine: what the host is.
        reached: gives the settings as far as the apps have got to them by then.

    Raises:
        Refusal: a file of the user's is not there, a setting asks for what the proxy cannot do, or
            somebody else has its ports.

    """
    proxy = proxy_for(server)
    problems = [*lacking(server, proxy.lacks), *proxy.refusals(server, machine)]
    texts: dict[str, str] = {}
    for key, path in _texts(server):
        try:
            texts[path] = given.text(path, key, "write the path of a text file on this machine")
        except Refusal as refusal:
            problems.append(str(refusal))
            continue
        if key == _CLIENT_CA and (wrong := client_ca.problem(texts[path])):
            problems.append(f"{key}: {path!r}: {wrong}")
    if problems:
        raise Refusal("settings refused, nothing was changed\n" + "\n".join(problems))
    if taken := ports.taken(looks_of_host.at(ports.look(server)), [*_not_in_the_way(server)]):
        lines = (f"{host.name}: nothing was changed, {proxy.name} cannot listen: {line}" for line in taken)
        raise Refusal("\n".join(lines))
    program = _program(proxy, server)
    if program:
        programs.put(name=f"Have {proxy.name} there", program=program)
    proxy.make_live(
        lambda: proxy.render(routing(reached()), machine, texts),
        Ground(
            machine=machine,
            program=program.path if program else proxy.name,
            predecessors=tuple(other.unit for other in _others(proxy)),
        ),
    )
    for other in _others(proxy):
        owned.leave(name=f"{other.name}: leave nothing of it but its logs", owned=_left_by(other))
    closing.deploy(server)
    if program:
        programs.keep_no_other(name=f"Keep no other {proxy.name}", program=program)


def _others(proxy: Proxy) -> list[Proxy]:
    return [other for name, other in PROXIES.items() if name != proxy.name]


def _not_in_the_way(server: Server) -> Iterator[str]:
    """List the units that may have ports which the proxy is to have, by patterns.

    Where there is none, an app that listens at a public port gets nothing by it, and is to hold up nobody.
    """
    yield from (one.unit for one in PROXIES.values())
    if not server.has_proxy:
        yield from (unit for app in routing(server).apps for unit in app.owned.units)


def _left_by(proxy: Proxy) -> Owned:
    """List what a proxy that serves no more has, and how the watch was told of it.

    One that its package has started has the ports again after a reboot, whatever it has of ours.
    """
    return replace(
        proxy.owned,
        paths=(*proxy.owned.paths, told_of(proxy.unit)),
        units=(*proxy.owned.units, *proxy.owned.packaged),
    )


def _program(proxy: Proxy, server: Server) -> Program | None:
    if proxy.releases is None:
        return None
    if server.proxy_program is None:
        raise ValueError(f"the settings say where {proxy.name} comes from")
    return programs.program(proxy.name, proxy.releases, server.proxy_program)


_CLIENT_CA = "edge['client_ca']"


def _texts(server: Server) -> Iterator[tuple[str, str]]:
    if server.edge and server.edge.client_ca and server.edge.client_ca != OF_CLOUDFLARE:
        yield _CLIENT_CA, server.edge.client_ca
    yield from (("snippets", path) for path in server.snippets)
    for domain, site in server.sites.items():
        yield from ((f"sites[{domain!r}]['snippets']", path) for path in site.snippets)
        for status, path in site.error_pages.items():
            yield f"sites[{domain!r}]['error_pages'][{status}]", path
