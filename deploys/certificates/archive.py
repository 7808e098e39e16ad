"""The backup: fetched into an encrypted file on the controller, and given to a server built anew."""

import base64
import json
from collections.abc import Generator, Sequence
from typing import Any

from pyinfra.api.command import FunctionCommand, PyinfraCommand, StringCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import operation
from pyinfra.api.state import State
from pyinfra.context import host

from deploys import invocation, remote, saying
from deploys.certificates import operations, vault
from deploys.certificates.onhost import archive
from deploys.config import Backup
from deploys.onhost.words import lines
from deploys.places.certificates import Lineage
from deploys.refusal import Refusal


def is_of_use(lineages: Sequence[Lineage], directory_url: str) -> bool:
    """Say whether a backup can give the host in context anything: it has no account and no certificate."""
    found = operations.look(lineages, directory_url)
    return not (found.get("registered") or any(one["live"] for one in found.get("lineages", {}).values()))


@operation()
def restore(
    lineages: Sequence[Lineage], directory_url: str, data: bytes
) -> Generator[StringCommand, None, None]:
    """Give a server that has neither account nor certificate those of the backup.

    Args:
        lineages: what the proxy is going to serve.
        directory_url: the CA's.
        data: what `fetch` fetched.

    """
    if not is_of_use(lineages, directory_url):
        host.noop("the server has an account or a certificate of its own")
        return
    yield remote.run(archive, {"root": "/", "archive": base64.b64encode(data).decode()})


@operation(is_idempotent=False)
def fetch(backup: Backup) -> Generator[PyinfraCommand, None, None]:
    """Fetch the account and the certificates, and store them encrypted on the controller.

    A server that has none of them, or another one's file, is an error and changes nothing.

    Args:
        backup: where to.

    """
    yield FunctionCommand(_fetch, (backup, saying.connection()), {})


def nothing() -> str:
    """Say that there is nothing to back up, and what makes it."""
    return f"{archive.NOTHING}: run {invocation.line('site')} first"


def _fetch(state: State, host: Host, backup: Backup, connection: dict[str, Any]) -> bool:
    # Not to be seen by anybody: the private keys are in it.
    done, output = saying.run_quietly(host, remote.run(archive, {"root": "/"}), connection)
    if not done:
        said = [nothing() if line == archive.NOTHING else line for line in lines(output.stderr)]
        return saying.fail(state, host, "\n".join(said))
    data = base64.b64decode(json.loads(output.stdout)["archive"])
    try:
        vault.store(backup, host.name, data)
    except (Refusal, OSError) as error:
        return saying.fail(state, host, str(error))
    return saying.tell(state, host, f"{len(data)} bytes in {backup.file}")
