"""On the host: tell whom the settings name that something is wrong."""

import html
import json
import re
import smtplib
import socket
import ssl
import sys
import time
import urllib.parse
import urllib.request
from email.header import Header
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from deploys.onhost import journal, run, words
from deploys.watch.onhost import fitting

MOST = 200
"""Characters of what kept an alert."""

_OBEYED = re.compile(r"[@<]|\](?=[(\[:])")
_NOTHING = "\N{ZERO WIDTH SPACE}"
_DISCORD = (".discord.com", ".discordapp.com")
_NO_MENTIONS: "dict[str, Any]" = {"allowed_mentions": {"parse": []}}
"""Has Discord tell nobody of a message, whatever it says (docs.discord.com, "Allowed Mentions")."""

TRIES = 3
NOBODY = "nobody was told: this server knows no alerts"

QUIET = 600
"""Seconds in which a unit that fails again is not told of again."""


def main(settings: "dict[str, Any]") -> None:
    """Tell that a unit failed, with its last words. The unit is named on the command line.

    Args:
        settings: `alerts`, as `send` takes it.

    """
    unit = sys.argv[1]
    mark = Path("/run/gatehouse", unit)
    if was_told(mark):
        return
    said = journal.last(unit, 15, of_systemd=True)
    told = words.quoted(said) if said.strip() else "It left no word in the journal."
    deliver(settings["alerts"], f"{unit} failed", told, mark)


def was_told(mark: Path) -> bool:
    """Say whether an alert was taken lately; a clock that was ahead has left its mark in the future."""
    return mark.exists() and 0 <= time.time() - mark.stat().st_mtime < QUIET


def deliver(alerts: "dict[str, Any]", title: str, text: str, mark: "Path | None" = None) -> None:
    """Send an alert, or end with what kept it.

    Args:
        alerts: as `send` takes it.
        title: one line.
        text: what is wrong.
        mark: a file to touch once a channel has taken it.

    Raises:
        SystemExit: a channel could not be reached, or there is none.

    """
    print(f"{title}\n{text}", file=sys.stderr)
    problems = _attempted(alerts, title, text)
    taken = [kind for kind, problem in problems.items() if not problem]
    if mark and taken:
        mark.parent.mkdir(exist_ok=True)
        mark.touch()
    if not alerts:
        sys.exit(NOBODY)
    if taken:
        print(f"told by {', '.join(taken)}", file=sys.stderr)
    if failed := _failed(problems):
        sys.exit("\n".join(failed))


def send(alerts: "dict[str, Any]", title: str, text: str) -> "list[str]":
    """Send an alert to each channel, trying three times, and say which of them failed.

    Args:
        alerts: `webhook`, `mail` and `command`, each as the settings have it.
        title: one line.
        text: what is wrong.

    """
    return _failed(_attempted(alerts, title, text))


def _failed(problems: "dict[str, str]") -> "list[str]":
    return [f"the alert by {kind} failed: {problem}" for kind, problem in problems.items() if problem]


def _attempted(alerts: "dict[str, Any]", title: str, text: str) -> "dict[str, str]":
    """Send an alert to each channel, and give by channel what kept it; nothing where it was taken."""
    host = socket.getfqdn()
    title, text = words.shown(title, MOST), "\n".join(map(words.printable, text.split("\n")))
    channels: dict[str, Any] = {"webhook": _post, "mail": _mail, "command": _command}
    return {
        kind: _try(partial(channels[kind], channel, f"{host}: {title}", text, host))
        for kind, channel in alerts.items()
    }


def _try(way: "partial[None]") -> str:
    problem = ""
    for wait in range(TRIES):
        time.sleep(2 * wait)
        try:
            way()
        except (SystemExit, Exception) as error:  # whatever it is, the other channels have their turn
            problem = _in_words(error)
        else:
            return ""
    return problem


def _in_words(error: BaseException) -> str:
    # Of the others, some quote the URL or the headers, which are secrets.
    tells = isinstance(error, (OSError, smtplib.SMTPException, SystemExit))
    return (words.shown(str(error), MOST) if tells else "") or type(error).__name__


def _post(webhook: "dict[str, Any]", title: str, text: str, host: str) -> None:
    headers = {"Content-Type": "application/json", "User-Agent": "gatehouse"}
    if webhook["format"] == "ntfy":
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Title": _in_ascii(title),
            "Priority": "high",
        }
        body = fitting.within(text, fitting.CHAT).encode()
    elif webhook["format"] == "slack":
        # What is in angle brackets would be a link or a mention (docs.slack.dev, "Formatting message text").
        said = html.escape(f"*{inert(title)}*\n{fitting.within(inert(text), fitting.CHAT)}", quote=False)
        body = json.dumps({"text": said}).encode()
    elif webhook.get("body"):
        body = json.dumps(_for_people(webhook, {"title": title, "text": text, "host": host})).encode()
    else:
        body = json.dumps({"title": title, "text": text, "host": host}).encode()
    request = urllib.request.Request(  # noqa: S310  # the settings allow http and https alone
        webhook["url"], data=body, headers={**headers, **webhook.get("headers", {})}, method="POST"
    )
    try:
        with _opener().open(request, timeout=20):
            pass
    except HTTPError as error:
        location = error.headers.get("Location")
        if error.code in range(300, 400) and location:
            raise ConnectionError(f"it redirects to {_place(webhook['url'], location)}") from None
        raise


def _in_ascii(title: str) -> str:
    """Write what a header cannot carry as it is so that ntfy reads it (RFC 2047)."""
    return title if title.isascii() else Header(title, "utf-8").encode(linesep="")


def _opener() -> urllib.request.OpenerDirector:
    """Make what follows no redirect: that would turn the alert into a GET, and take the headers elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    return opener


def _place(url: str, location: str) -> str:
    """Say where a redirect leads, without what the settings keep secret: the path, and a host they name."""
    try:
        target = urllib.parse.urlsplit(urllib.parse.urljoin(url, location))
    except ValueError:
        return "what is no URL"
    if not target.hostname:
        return "what is no URL"
    same = target.hostname == urllib.parse.urlsplit(url).hostname
    return f"{target.scheme}://{'(the same host)' if same else target.hostname}/...: write that URL"


def _for_people(webhook: "dict[str, Any]", told: "dict[str, str]") -> "dict[str, Any]":
    """Fill in a body of the settings' own, which a chat may show: what strangers said does nothing there."""
    is_discord = f".{urllib.parse.urlsplit(webhook['url']).hostname}".endswith(_DISCORD)
    said = {key: inert(value) for key, value in told.items()}
    said["text"] = fitting.within(said["text"], fitting.DISCORD if is_discord else fitting.CHAT)
    body = _filled(webhook["body"], said)
    return {**body, **(_NO_MENTIONS if is_discord else {})}


def inert(text: str) -> str:
    """Have a text mention nobody, and lead nowhere under another name, in any chat.

    That is by `@`, by `<…>` (Slack, Discord, Google Chat, HTML in Teams), or by Markdown's `[…](…)`, `[…][…]`
    and `[…]: …`; nothing of it holds with a character between that has no width.
    """
    return _OBEYED.sub(f"\\g<0>{_NOTHING}", text)


def _filled(body: "dict[str, str]", told: "dict[str, str]") -> "dict[str, str]":
    for word, meaning in told.items():
        body = {key: value.replace("{" + word + "}", meaning) for key, value in body.items()}
    return body


def _mail(mail: "dict[str, Any]", title: str, text: str, host: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = title, mail["sender"], ", ".join(mail["to"])
    # A date is demanded, an identifier is to be there (RFC 5322, section 3.6), and filters want both.
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=host)
    message.set_content(f"{text}\n\n-- \ngatehouse on {host}\n")
    trust = ssl.create_default_context()
    if mail["security"] == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail["server"], mail["port"], timeout=20, context=trust)
    else:
        server = smtplib.SMTP(mail["server"], mail["port"], timeout=20)
    with server:
        if mail["security"] == "starttls":
            server.starttls(context=trust)
        if mail.get("user"):
            server.login(mail["user"], mail.get("password") or "")
        server.send_message(message)


def _command(program: str, title: str, text: str, host: str) -> None:
    # It is the operator's, and has what an alert's own unit has not.
    run.output(*run.outside(program, title, seconds=60), stdin=text, timeout=90, what=f"{program} fails")
