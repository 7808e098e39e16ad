"""What any proxy is told between two deploys."""

from collections.abc import Generator

from pyinfra.api.command import StringCommand
from pyinfra.api.operation import operation

from deploys import remote
from deploys.onhost import obey as obey_onhost
from deploys.onhost.run import Commands


@operation(is_idempotent=False)
def obey(commands: Commands) -> Generator[StringCommand, None, None]:
    """Have the proxy carry out what marks on the host say.

    Args:
        commands: of a proxy that does not look for marks by itself.

    """
    yield remote.run(obey_onhost, commands)
