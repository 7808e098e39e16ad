"""Whom the server tells when something is wrong."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt

from deploys.config.fields import Email, HostPath, Line, Url
from deploys.config.secrets import OrOrigin
from deploys.config.settings import Settings


def _header(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,100}", value):
        raise ValueError('write a header name like "Authorization"')
    return value


def _mail_server(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.:-]{1,253}", value):
        raise ValueError('write a name like "smtp.example.com"')
    return value


class Webhook(Settings):
    """An HTTP endpoint that takes a POST."""

    url: OrOrigin[Url]
    """Where to; a secret, since whoever knows it can post there: itself, or an object with `env`, `file` or
    `command`, as for an app's secrets."""

    format: Literal["ntfy", "slack", "json"] = "json"
    """`ntfy`: text with a title; `slack`: `{"text": …}`; `json`: `{"title": …, "text": …, "host": …}`."""

    body: dict[str, Line] | None = None
    """With `json`: what to send instead, with `{title}`, `{text}` and `{host}` in its values filled in."""

    headers: dict[Annotated[str, AfterValidator(_header)], OrOrigin[Line]] = {}
    """Further request headers, such as Authorization; secrets, each like `url`."""


class Mail(Settings):
    """A mail server that takes the alert."""

    to: tuple[Email, ...] = Field(min_length=1)
    """Who gets the mail."""

    sender: Email
    """Whom it comes from."""

    server: Annotated[str, AfterValidator(_mail_server)]
    """Name or address of the SMTP server."""

    port: Annotated[StrictInt, Field(ge=1, le=65535)] = 587
    """The port of the SMTP server."""

    security: Literal["starttls", "tls", "none"] = "starttls"
    """`starttls` (port 587), `tls` from the first byte (port 465), or `none` for a server next door."""

    user: Line | None = None
    """The account there, if it asks for one."""

    password: OrOrigin[Line] | None = None
    """A secret: itself, or an object with `env`, `file` or `command`."""


class Alerts(Settings):
    """Where alerts go: to each that is given."""

    webhook: Webhook | None = None
    mail: Mail | None = None
    command: HostPath | None = None
    """A program on the server; it gets the title as its argument and the text on standard input."""
