"""The backup: fetched into an encrypted file on the controller, and given to a server built anew."""

import base64
import json
from collections.abc import Generator, Sequence
from typing import Any

from pyinfra import logger
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS
from pyinfra.api.command import FunctionCommand, PyinfraCommand, StringCommand
from pyinfra.api.host import Host
from pyinfra.api.operation import operation
from pyinfra.api.state import State
from pyinfra.context import host

from deploys import remote
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
    yield FunctionCommand(_fetch, (backup, dict(host.current_op_global_arguments or {})), {})


def _fetch(state: State, host: Host, backup: Backup, arguments: dict[str, Any]) -> bool:
    connection = {key: arguments[key] for key in CONNECTOR_ARGUMENT_KEYS if key in arguments}
    # Never shown, whatever the verbosity: the private keys are in it.
    command = remote.run(archive, {"root": "/"})
    connection |= command.connector_arguments
    done, output = host.run_shell_command(command, print_output=False, print_input=False, **connection)
    if not done:
        return operations.fail(state, host, "\n".join(lines(output.stderr)))
    data = base64.b64decode(json.loads(output.stdout)["archive"])
    try:
        vault.store(backup, host.name, data)
    except (Refusal, OSError) as error:
        return operations.fail(state, host, str(error))
    logger.info("%s%d bytes in %s", host.print_prefix, len(data), backup.file)
    return True
