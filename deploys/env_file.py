"""Files of environment variables, by the rules of python-dotenv."""

import io

from dotenv import dotenv_values
from dotenv.parser import parse_stream
from pydantic import TypeAdapter, ValidationError

from deploys import given
from deploys.config import App
from deploys.config.fields import EnvironmentName
from deploys.config.remedies import remedy
from deploys.config.secrets import EnvFileSecret
from deploys.config.variables import refuse_variable
from deploys.refusal import Refusal

_NAME: TypeAdapter[str] = TypeAdapter(EnvironmentName)

_REMEDY = "write the path of a file with lines like NAME=value, in UTF-8, or remove env_file"

_UNREAD = "GATEHOUSE_ENV_FILE"
"""Stands for the variables of a file that cannot be read, until somebody needs one of them."""


def with_env_file(app: App, key: str) -> App:
    """Add the variables of an app's `env_file` to its secrets, but for those that its settings name.

    A file that is not there is refused when its variables are read: going back may need none of them.

    Args:
        app: the settings of the app.
        key: where they are, for the message when the file is refused.

    Raises:
        Refusal: the file has a line that says nothing, or a name that cannot be.

    """
    path = app.env_file
    if path is None:
        return app
    names = variables(path, f"{key}['env_file']") if given.problem(path) is None else [_UNREAD]
    read = {name: EnvFileSecret(file=path, variable=name) for name in names if name not in app.env}
    return app.model_copy(update={"secrets": read | app.secrets})


def variables(path: str, key: str) -> dict[str, str]:
    """Read the variables of a file that have a value.

    Args:
        path: the file.
        key: the setting that names it.

    Raises:
        Refusal: it cannot be read, has a line that says nothing, or a name that cannot be.

    """
    text = given.text(path, key, _REMEDY, encoding="utf-8-sig")
    for binding in parse_stream(io.StringIO(text)):
        line = f"{key}: line {binding.original.line} of {path}"
        if binding.error:
            raise Refusal(f"{line}: write it as NAME=value")
        if binding.key is not None:
            _refuse_name(binding.key, line)
        if "\0" in (binding.value or ""):
            raise Refusal(f"{line}: the value has a zero byte: encode it, as base64 does")
    values = dotenv_values(stream=io.StringIO(text))
    return {name: value for name, value in values.items() if value is not None}


def _refuse_name(name: str, line: str) -> None:
    try:
        refuse_variable(name)
    except ValueError as refusal:
        raise Refusal(f"{line}: {refusal}") from None
    try:
        _NAME.validate_python(name)
    except ValidationError as refusal:
        raise Refusal(f"{line}: {name!r}: {remedy(refusal.errors()[0])}") from None
