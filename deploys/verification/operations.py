"""The operation that looks at a server's sites from the controller and tells what it saw."""

from collections.abc import Generator, Iterator
from textwrap import wrap

from pyinfra import logger
from pyinfra.api.command import FunctionCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import operation
from pyinfra.api.state import State
from pyinfra.context import host

from deploys import looks
from deploys.certificates.operations import look_at
from deploys.config import Server
from deploys.onhost.words import printable
from deploys.routing import fronts, lineages, routing
from deploys.terminal import tell_apart, width
from deploys.verification import paused as pauses
from deploys.verification.claims import Seen, look
from deploys.verification.front import look_through


@operation(is_idempotent=False)
def verify(server: Server) -> Generator[FunctionCommand, None, None]:
    """See each site from the machine that runs the deploy, by every name and address that DNS gives.

    Args:
        server: the settings.

    """
    at_certificates = look_at(lineages(server), server.acme.directory_url)
    looks.together(pauses.look_at(server), at_certificates)
    known = looks.at(at_certificates).get("lineages", {})
    served = {name: found["wire"] for name, found in known.items()}
    here = str(host.data.get("ssh_hostname") or host.name)
    yield FunctionCommand(_tell, (server, served, pauses.paused(server)), {"here": here})


def _tell(
    state: State,
    host: Host,
    server: Server,
    served: dict[str, str | None],
    paused: frozenset[str],
    *,
    here: str,
) -> bool:
    seen = [
        one
        for site in routing(server).hosts
        for one in look(site, server, served.get(site.name), paused=site.name in paused)
    ]
    for front in fronts(server):
        seen += look_through(front, server.balancers, here, paused=front.public.name in paused)
    untrue = sum(not one.holds for one in seen)
    end = [] if untrue else [f"  all {len(seen)} claims hold"]
    # Not logged: pyinfra would fold the lines, and put the name of the host before each.
    tell_apart("\n".join([host.name, *table(seen, width()), *end]))
    if untrue:
        logger.error("%s%s of %s claims do not hold", host.print_prefix, untrue, len(seen))
    return not untrue


def table(seen: list[Seen], width: int | None = None) -> Iterator[str]:
    """Lay out what was seen, a line for each claim.

    Args:
        seen: the claims.
        width: the characters that a line may have: where one has more, evidence stands below the claim.

    """
    longest = max((len(one.claim) for one in seen), default=0)
    evidence = [printable(one.evidence) for one in seen]
    claims = [f"{'✓' if one.holds else '✗'} {one.claim.ljust(longest)}" for one in seen]
    for claim, said in zip(claims, evidence, strict=True):
        line = f"{claim}  {said}"
        if width is None or len(line) <= width:
            yield line
        else:
            yield claim.rstrip()
            yield from wrap(said, width, initial_indent="    ", subsequent_indent="    ")
