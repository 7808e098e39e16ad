"""Whom the server tells when something is wrong."""

import re
from ipaddress import IPv6Address
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from deploys.config import guesses
from deploys.config.fields import Email, Line, Url
from deploys.config.kinds import text
from deploys.config.numbers import whole
from deploys.config.secrets import OrOrigin
from deploys.config.settings import HIDDEN, Settings

_WRITE_HEADER = 'write a header name like "Authorization"'
_WRITE_SERVER = 'write a name like "smtp.example.com"'
_WRITE_PROGRAM = (
    'write the absolute path of a program on the server, without arguments, like "/usr/bin/logger"'
)


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", value):
        raise ValueError(_WRITE_HEADER)
    return value


def _mail_server(value: str) -> str:
    if ":" in value:
        try:
            return str(IPv6Address(value))
        except ValueError:
            raise ValueError(f'{_WRITE_SERVER}, and the port into "port"') from None
    if not re.fullmatch(r"[A-Za-z0-9.-]{1,253}", value):
        raise ValueError(_WRITE_SERVER)
    return value


def _ascii(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise ValueError("remove what is not printable ASCII, it cannot be sent")
    return value


def _program(value: str) -> str:
    if not re.fullmatch(r"/[A-Za-z0-9._@+/-]*[A-Za-z0-9._@+-]", value):
        raise ValueError(_WRITE_PROGRAM)
    return value


Ascii = Annotated[str, text(_ascii, "write a text, in quotes")]
"""What HTTP's headers and SMTP's logins can carry."""


class Webhook(Settings):
    """An HTTP endpoint that takes a POST."""

    url: OrOrigin[Url]
    """Where to; a secret, since whoever knows it can post there: itself, or an object with `env`, `file` or
    `command`, as for an app's secrets."""

    format: Literal["ntfy", "slack", "json"] = "json"
    """`ntfy`: text with a title; `slack`: `{"text": …}`; `json`: `{"title": …, "text": …, "host": …}`."""

    body: dict[str, Line] | None = None
    """With `json`: what to send instead, with `{title}`, `{text}` and `{host}` in its values filled in."""

    headers: dict[Annotated[str, text(_header, _WRITE_HEADER)], OrOrigin[Ascii]] = {}
    """Further request headers, such as Authorization; secrets, each like `url`."""

    @model_validator(mode="after")
    def _no_body_for_others(self) -> Self:
        if self.body and self.format != "json":
            raise ValueError(f'remove "body", {self.format} has a form of its own; or set "format" to "json"')
        return self


class Mail(Settings):
    """A mail server that takes the alert."""

    to: tuple[Email, ...] = Field(min_length=1)
    """Who gets the mail."""

    sender: Email
    """Whom it comes from."""

    server: Annotated[str, text(_mail_server, _WRITE_SERVER, guesses.domain)]
    """Name or address of the SMTP server."""

    port: Annotated[int, whole(1, 65535)] = 587
    """The port of the SMTP server."""

    security: Literal["starttls", "tls", "none"] = "starttls"
    """`starttls` (port 587), `tls` from the first byte (port 465), or `none` for a server next door."""

    user: Ascii | None = None
    """The account there, if it asks for one."""

    password: OrOrigin[Ascii] | None = None
    """A secret: itself, or an object with `env`, `file` or `command`."""

    @model_validator(mode="after")
    def _user_and_password(self) -> Self:
        if (self.user is None) != (self.password is None):
            given, other = ("password", "user") if self.user is None else ("user", "password")
            raise ValueError(f'add "{other}", or remove "{given}": a login needs both')
        return self

    @model_validator(mode="after")
    def _port_for_security(self) -> Self:
        if self.security == "tls" and self.port == 587:
            raise ValueError('set "port" to 465 for "tls", or "security" to "starttls"')
        if self.security == "starttls" and self.port == 465:
            raise ValueError('set "security" to "tls" for port 465')
        return self


class Alerts(Settings):
    """Where alerts go: to each that is given."""

    webhook: Annotated[Webhook | None, HIDDEN] = None
    mail: Mail | None = None
    command: Annotated[str, text(_program, _WRITE_PROGRAM, guesses.program)] | None = None
    """A program on the server; it gets the title as its argument and the text on standard input."""
