"""On the host: tell whom the settings name that something is wrong."""

import json
import smtplib
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any

TRIES = 3
QUIET = 600
"""Seconds in which a unit that fails again is not told of again."""


def main(settings: "dict[str, Any]") -> None:
    """Tell that a unit failed, with its last words. The unit is named on the command line.

    Args:
        settings: `alerts`, as `send` takes it.

    """
    unit = sys.argv[1]
    mark = Path("/run/gatehouse", unit)
    if mark.exists() and time.time() - mark.stat().st_mtime < QUIET:
        return
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    journal = ["journalctl", "--unit", unit, "--lines", "15", "--no-pager", "--output", "cat"]
    text = subprocess.run(journal, capture_output=True, text=True, check=False).stdout.strip()
    deliver(settings["alerts"], f"{unit} failed", text or "It left no word in the journal.")


def deliver(alerts: "dict[str, Any]", title: str, text: str) -> None:
    """Send an alert, or end with what kept it.

    Raises:
        SystemExit: a channel could not be reached, or there is none.

    """
    print(f"{title}\n{text}", file=sys.stderr)
    failed = send(alerts, title, text)
    if failed:
        sys.exit("\n".join(failed))
    if not alerts:
        sys.exit("nobody was told: the settings name no alerts")


def send(alerts: "dict[str, Any]", title: str, text: str) -> "list[str]":
    """Send an alert to each channel, trying three times, and say which of them failed.

    Args:
        alerts: `webhook`, `mail` and `command`, each as the settings have it.
        title: one line.
        text: what is wrong.

    """
    host = socket.getfqdn()
    channels: dict[str, Any] = {"webhook": _post, "mail": _mail, "command": _command}
    problems = []
    for kind, channel in alerts.items():
        problem = _try(partial(channels[kind], channel, f"{host}: {title}", text, host))
        if problem:
            problems.append(f"the alert by {kind} failed: {problem}")
    return problems


def _try(way: "partial[None]") -> str:
    problem = ""
    for wait in range(TRIES):
        time.sleep(2 * wait)
        try:
            way()
        except (OSError, smtplib.SMTPException, subprocess.SubprocessError) as error:
            problem = str(error)
        else:
            return ""
    return problem


def _post(webhook: "dict[str, Any]", title: str, text: str, host: str) -> None:
    headers = {"Content-Type": "application/json", "User-Agent": "gatehouse"}
    if webhook["format"] == "ntfy":
        headers = {"Content-Type": "text/plain; charset=utf-8", "Title": title, "Priority": "high"}
        body = text.encode()
    elif webhook["format"] == "slack":
        body = json.dumps({"text": f"*{title}*\n{text}"}).encode()
    else:
        told = {"title": title, "text": text, "host": host}
        body = json.dumps(_filled(webhook.get("body") or {}, told) or told).encode()
    request = urllib.request.Request(  # noqa: S310  # the settings allow http and https alone
        webhook["url"], data=body, headers={**headers, **webhook.get("headers", {})}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=20):  # noqa: S310
        pass


def _filled(body: "dict[str, str]", told: "dict[str, str]") -> "dict[str, str]":
    for key, value in body.items():
        for word, meaning in told.items():
            value = value.replace("{" + word + "}", meaning)  # noqa: PLW2901
        body = {**body, key: value}
    return body


def _mail(mail: "dict[str, Any]", title: str, text: str, host: str) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = title, mail["sender"], ", ".join(mail["to"])
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
    subprocess.run([program, title], input=text, text=True, timeout=60, check=True)
