"""What certificates need done on the host; each reads what is there, and then does only that."""

from collections.abc import Generator, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar

from pyinfra import logger
from pyinfra.api.command import FunctionCommand, PyinfraCommand, StringCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta, operation
from pyinfra.api.state import State
from pyinfra.context import host, state

from deploys import remote
from deploys.certificates import remote_issue, remote_look, remote_placeholder
from deploys.certificates.paths import (
    ACCOUNT,
    CERTIFICATES,
    LETSENCRYPT,
    LIVE,
    PLACEHOLDERS,
    WEBROOT,
    Lineage,
)


class Found(remote.Probe[dict[str, Any]]):
    """Every lineage wanted as it is on the host, the CA account, and the timers."""

    module: ClassVar[ModuleType] = remote_look

    @staticmethod
    def default() -> dict[str, Any]:
        return {}


def look(lineages: Sequence[Lineage]) -> dict[str, Any]:
    """Ask the host in context what there is of the lineages."""
    argument = {
        "lineages": {lineage.name: lineage.on_the_wire[0] for lineage in lineages},
        "certificates": CERTIFICATES,
        "letsencrypt": LETSENCRYPT,
        "account": ACCOUNT,
        "timers": ["certbot.timer"],
    }
    found: dict[str, Any] = host.get_fact(Found, argument=argument)
    return found


@operation()
def place_holders(lineages: Sequence[Lineage]) -> Generator[StringCommand, None, None]:
    """Have each link lead to a certificate, one of our own making where the CA has issued none.

    Args:
        lineages: what the proxy is going to serve.

    """
    found = look(lineages).get("lineages", {})
    missing = [lineage for lineage in lineages if not found.get(lineage.name, {}).get("serving")]
    if not missing:
        host.noop("each link leads to a certificate")
        return
    yield remote.run(
        remote_placeholder,
        {
            "lineages": {lineage.name: lineage.names for lineage in missing},
            "certificates": CERTIFICATES,
            "placeholders": PLACEHOLDERS,
            "live": LIVE,
            "webroot": WEBROOT,
        },
    )


@operation()
def issue(
    lineage: Lineage, command: Sequence[str], environment: Mapping[str, str], account: Any, reload: str
) -> Generator[StringCommand, None, None]:
    """Have the CA issue one lineage, and the proxy serve it.

    Args:
        lineage: the certificate.
        command: certbot's command line; empty where only the proxy is to be told.
        environment: variables to add for certbot.
        account: what to note of the CA account once it has answered.
        reload: the shell command that has the proxy read its certificates again.

    """
    yield remote.run(
        remote_issue,
        {
            "certbot": list(command),
            "environment": dict(environment),
            "link": lineage.directory,
            "target": f"{LIVE}/{lineage.name}",
            "ask": lineage.on_the_wire,
            "account": {"file": ACCOUNT, "known": account},
            "reload": reload,
        },
    )


@operation()
def sum_up(steps: Mapping[str, OperationMeta]) -> Generator[PyinfraCommand, None, None]:
    """Fail if any of the steps failed, now that all of them have had their turn.

    Args:
        steps: what was done, by the name of the lineage.

    """
    if not state.is_executing:
        host.noop("nothing has failed yet")
        return
    failed = [name for name, meta in steps.items() if meta.did_error()]
    if failed:
        yield FunctionCommand(_say, (failed, len(steps)), {})


def _say(state: State, host: Host, failed: list[str], of: int) -> bool:
    logger.error(
        "%s%d of %d certificates failed, see above: %s", host.print_prefix, len(failed), of, ", ".join(failed)
    )
    return False
