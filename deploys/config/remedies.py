"""What to write instead of what pydantic refuses, in the words of whoever writes the settings."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import PurePath
from typing import Any, NamedTuple

_OBJECT = 'write an object, {"…": …}'
_WORDS = {
    "bool_type": "write True or False",
    "dict_type": _OBJECT,
    "frozen_set_type": 'write a list, ["…"]',
    "list_type": 'write a list, ["…"]',
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "string_type": 'write it in quotes, "…"',
    "too_short": "write at least one",
    "tuple_type": 'write a list, ["…"]',
}
_TRUE, _FALSE = {"true", "yes", "on", "1", "y"}, {"false", "no", "off", "0", "n"}


_LEAST = 0.8
"""How alike a key and a misspelt one are of which nothing else needs to be known."""


class Key(NamedTuple):
    """A key of an object that was probably meant by another one."""

    written: object
    meant: str


def closest(word: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Find the known word that somebody who wrote another one most probably meant."""
    words = {each.lower(): each for each in known}
    near = get_close_matches(str(word).lower(), words, n=1, cutoff=cutoff)
    return words[near[0]] if near else None


def meant(word: object, known: Iterable[str]) -> str:
    """Ask whether the nearest of the known words was meant, before one says what to write."""
    near = None if word is None else closest(word, known)
    return f"did you mean {near!r}? " if near else ""


def nearest_key(key: object, known: Iterable[str], takes: Callable[[str], bool]) -> str | None:
    """Find the known key that was most probably meant: one like it, or one less so that takes its value."""
    near = closest(key, known)
    alike = near if near and (closest(key, [near], _LEAST) or takes(near)) else None
    return alike or called(key, known)


def called(key: object, known: Iterable[str]) -> str | None:
    """Find the known key that is called by another word elsewhere."""
    word = str(key).lower().replace("-", "_")
    return next((one for one in sorted(known) if word in _ELSEWHERE.get(one, "").split()), None)


_ELSEWHERE = {
    "after": "post post_deploy after_switch afterwards",
    "aliases": "domains hostnames names server_names server_name server_aliases san sans",
    "before": "pre pre_deploy predeploy migrate migration migrations release_command release",
    "certificate": "ssl cert certs ssl_certificate",
    "command": "cmd run exec execute script entrypoint",
    "compress": "gzip compression brotli",
    "container": "docker",
    "directory": "path subdirectory subdir folder root ca ca_server acme_server acme_ca server endpoint",
    "env": "environment vars variables environment_variables envs",
    "env_file": "dotenv environment_file",
    "expires": "cache max_age cache_control",
    "fallback": "spa try_files index",
    "file": "path",
    "files": "static root static_files alias dir",
    "health": "healthcheck health_check probe ping",
    "hooks": "migrations release_command pre_deploy",
    "idle_timeout": "websocket_timeout read_timeout",
    "jobs": "cron crons crontab timers schedules scheduled",
    "keep": "keep_releases retain retain_releases",
    "limits": "resources rate_limit",
    "listed_in": "requirements requirements_file",
    "max_body": "client_max_body_size body_size max_upload upload_size max_request_body",
    "memory": "ram mem_limit",
    "path": "url endpoint uri",
    "persistent": "volumes volume shared shared_dirs linked_dirs linked_files storage",
    "processes": "procfile workers_of services daemons background",
    "python": "python_version runtime",
    "ref": "branch tag commit revision rev version sha",
    "routes": "locations paths location",
    "schedule": "cron when at every timer time on_calendar oncalendar",
    "secrets": "credentials",
    "sender": "from from_address",
    "server": "smtp smtp_server smtp_host app_server",
    "servers": "addresses hosts backends targets",
    "settle": "interval delay",
    "to": "recipients recipient addresses",
    "upstream": "proxy_pass backend proxy reverse_proxy target",
    "user": "username login",
    "webhook": "slack ntfy discord teams http",
    "working_directory": "workdir cwd root chdir subdirectory",
    "workers": "replicas instances concurrency processes_per_slot web_concurrency",
}
"""Words of other tools, and of configuration files, for what is a key here."""


def remedy(error: Any, *, near: bool = False) -> str:
    """Say what one error asks for; pydantic's own words are for programmers, and reach no user.

    Args:
        error: one of a ValidationError's.
        near: whether the value, which may be a secret, may be shown: what was probably meant is then said,
            of a value that stands for itself, as nothing else is looked at.

    """
    likely = guesses(error)[:1] if near else []
    return "".join([*(f"did you mean {guess!r}? " for guess in likely), _rule(error)])


def _rule(error: Any) -> str:
    context = error.get("ctx", {})
    if callable(error["input"]):
        return "call it, or write a value"
    match error["type"]:
        case _ if "words" in context:
            return str(context["words"])
        case "value_error":
            return str(context["error"])
        case "literal_error":
            return f"write {context['expected']}"
        case "alternative":
            return str(error["msg"])
        case kind:
            return _WORDS.get(kind, "write another value; docs/settings.md says which")


def guesses(error: Any) -> list[object]:
    """Guess what was meant, the likeliest first; it holds the value, and may be refused itself."""
    context, value = error.get("ctx", {}), error["input"]
    match error["type"]:
        case _ if callable(value):
            found = []
        case _ if "near" in context:
            found = context["near"]
        case "value_error":
            found = [getattr(context["error"], "near", None)]
        case "literal_error":
            found = [_choice(value, context["expected"])]
        case "alternative" if isinstance(value, PurePath) and context.get("text"):
            found = [str(value)]
        case "bool_type" if str(value).lower() in _TRUE | _FALSE:
            found = [str(value).lower() in _TRUE]
        case "tuple_type" if isinstance(value, set | frozenset):
            found = [sorted(value, key=str)]
        case "tuple_type" if isinstance(value, str):
            found = [[value], re.split(r"[,\s]+", value.strip(", "))]
        case "alternative" if isinstance(value, dict) and context.get("keys"):
            found = [_key(value, context["keys"].split())]
        case "alternative" if (
            isinstance(value, str) and "files" in context.get("keys", "").split() and "/" in value
        ):
            found = [{"redirect" if "://" in value else "files": value}]
        case "alternative" if context.get("bare") and re.fullmatch(r"[a-z][a-z0-9-]*", str(value)):
            found = [{context["bare"]: value}]
        case _:
            found = []
    return [each for each in found if each is not None]


def _choice(value: object, expected: str) -> object:
    """Find the nearest of the choices, which pydantic has put into one text."""
    words, numbers = re.findall(r"'([^']*)'", expected), re.findall(r"\b\d+\b", expected)
    if not isinstance(value, str):
        return None
    if value in numbers and not words:
        return int(value)
    return closest(value.strip(), words) if len(words) > 1 else None


def _key(value: dict[Any, Any], keys: list[str]) -> Key | None:
    """Find the key that was to tell the alternatives apart, where it is merely misspelt."""
    if set(value) & set(keys):
        return None
    return next((Key(one, near) for one in value if (near := closest(one, keys) or called(one, keys))), None)
