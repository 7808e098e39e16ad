"""Where a secret comes from and how the app gets it."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from deploys.config.fields import Command, ControllerPath, EnvironmentName
from deploys.config.settings import Settings


class _Delivered(Settings):
    deliver: Literal["environment", "credential"] = "environment"
    """As an environment variable, or as a file of that name in `$CREDENTIALS_DIRECTORY`."""


class EnvironmentSecret(_Delivered):
    """A secret from the controller's environment."""

    env: EnvironmentName
    """The variable on the controller."""


class FileSecret(_Delivered):
    """A secret from a file on the controller; a line break at its end does not count."""

    file: ControllerPath
    """The file, which git should ignore."""


class CommandSecret(_Delivered):
    """A secret that a program on the controller prints; a line break at its end does not count."""

    command: Command
    """The command, like `pass show shop/database` or `sops decrypt --extract '["database"]' secrets.yaml`."""


def _kind(secret: Any) -> str | None:
    keys = set(secret) if isinstance(secret, dict) else set(type(secret).model_fields)
    kinds = keys & {"env", "file", "command"}
    return f"<{kinds.pop()}>" if len(kinds) == 1 else None


Secret = Annotated[
    Annotated[EnvironmentSecret, Tag("<env>")]
    | Annotated[FileSecret, Tag("<file>")]
    | Annotated[CommandSecret, Tag("<command>")],
    Discriminator(
        _kind,
        custom_error_type="secret_kind",
        custom_error_message='say where it is: exactly one of "env", "file" and "command"',
    ),
]
