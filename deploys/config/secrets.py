"""Where a secret comes from and how the app gets it."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import Discriminator, Tag

from deploys.config.command_lines import Command
from deploys.config.fields import ControllerPath, EnvironmentName
from deploys.config.settings import Settings, told_apart_by


class FromEnvironment(Settings):
    """A secret from the controller's environment."""

    env: EnvironmentName
    """The variable on the controller."""


class FromFile(Settings):
    """A secret from a file on the controller; a line break at its end does not count."""

    file: ControllerPath
    """The file, which git should ignore."""


class FromCommand(Settings):
    """A secret that a program on the controller prints; a line break at its end does not count."""

    command: Command
    """The command, like `pass show shop/database` or `sops decrypt --extract '["database"]' secrets.yaml`."""


class _Delivered(Settings):
    deliver: Literal["environment", "credential"] = "environment"
    """As an environment variable, or as a file of that name in `$CREDENTIALS_DIRECTORY`."""


class EnvironmentSecret(_Delivered, FromEnvironment):
    """A secret from the controller's environment."""


class FileSecret(_Delivered, FromFile):
    """A secret from a file on the controller; a line break at its end does not count."""


class CommandSecret(_Delivered, FromCommand):
    """A secret that a program on the controller prints; a line break at its end does not count."""


class EnvFileSecret(_Delivered, FromFile):
    """A variable of an app's `env_file`, which is known only once that is read."""

    variable: str
    """Its name."""


_APART = told_apart_by(
    "env", "file", "command", remedy='say where it is: exactly one of "env", "file" and "command"'
)

Origin = Annotated[
    Annotated[FromEnvironment, Tag("<env>")]
    | Annotated[FromFile, Tag("<file>")]
    | Annotated[FromCommand, Tag("<command>")],
    _APART,
]
"""Where the value of a secret is, for one that gatehouse itself has a use for."""

T = TypeVar("T", bound=str)


def _given(value: Any) -> str | None:
    if isinstance(value, str):
        return "<given>"
    return "<origin>" if isinstance(value, dict | Settings) else None


OrOrigin = Annotated[
    Annotated[T, Tag("<given>")] | Annotated[Origin, Tag("<origin>")],
    Discriminator(
        _given,
        custom_error_type="alternative",
        custom_error_message='write it in quotes, or say where it is, like {"env": "…"}',
    ),
]
"""A text that is a secret: itself, or better, where it is."""

Secret = Annotated[
    Annotated[EnvironmentSecret, Tag("<env>")]
    | Annotated[FileSecret, Tag("<file>")]
    | Annotated[CommandSecret, Tag("<command>")],
    _APART,
]
"""Where the value of a secret is, and how an app gets it."""
