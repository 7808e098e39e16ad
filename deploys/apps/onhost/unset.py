"""On the host: which variables a release or a build would have needed, by what it wrote. Pure."""

import re
from itertools import pairwise

_NAME = r"([A-Za-z_][A-Za-z0-9_]{0,60})"
_SAID = [
    # As decouple, django-environ, environs, Starlette and Django say it.
    re.compile(rf"(?:^|\.)UndefinedValueError: {_NAME} not found\."),
    re.compile(rf"ImproperlyConfigured: Set the {_NAME} environment variable"),
    re.compile(rf"Env\w*Error: Environment variable \"{_NAME}\" not set"),
    re.compile(rf"KeyError: \"Config '{_NAME}' is missing, and has no default\.\""),
    re.compile(rf"ImproperlyConfigured: The {_NAME} setting must not be empty"),
]
_KEY = re.compile(rf"KeyError: '{_NAME}'$")
_OF_ENVIRONMENT = re.compile(r"File \"(?:<frozen os>|[^\"]*/os\.py)\", line \d+, in __getitem__$")
_INVALID = re.compile(r"(?:[\w.]+\.)?ValidationError: \d+ validation errors? for \w+$")
_OF_SETTINGS = re.compile(r"/pydantic_settings/|\bpydantic[./]env_settings\b")
_FIELD = re.compile(f"{_NAME}$")
_REQUIRED = re.compile(r"\s+[Ff]ield required \W?type=")
_NEAR, _NEAREST = 16, 3
"""Lines before an exception that have the frames of pydantic's, and the last frame."""
_MOST = 5
"""Names that are told."""


def of_release(lines: "list[str]") -> str:
    """Say what to set, by what a release wrote; nothing for another matter."""
    names = _names(lines)
    return f"to be set in env, secrets or env_file: {names}" if names else ""


def of_build(lines: "list[str]") -> str:
    """Say what to set, by what a build wrote; nothing for another matter."""
    names = _names(lines)
    if not names:
        return ""
    example = f"env {names.partition(',')[0]}=build python …"
    return f"a build has env and no secrets: have its command say {names}, as in {example}"


def _names(lines: "list[str]") -> str:
    """Name them as whoever asked for them does: to pydantic, case does not count."""
    found = next(filter(None, (_asked_for(lines, at) for at in reversed(range(len(lines))))), [])
    return ", ".join(found[:_MOST])


def _asked_for(lines: "list[str]", at: int) -> "list[str]":
    line = lines[at]
    for pattern in _SAID:
        if said := pattern.search(line):
            return [said[1]]
    if (key := _KEY.match(line)) and _has(_OF_ENVIRONMENT, lines[max(0, at - _NEAREST) : at]):
        return [key[1]]
    if _INVALID.match(line) and _has(_OF_SETTINGS, lines[max(0, at - _NEAR) : at]):
        fields = pairwise(lines[at + 1 :])
        return [name for name, why in fields if _FIELD.match(name) and _REQUIRED.match(why)]
    return []


def _has(pattern: "re.Pattern[str]", lines: "list[str]") -> bool:
    return any(map(pattern.search, lines))
