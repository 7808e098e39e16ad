"""What of a source would be passed over without a word, though the app cannot be without it. Pure."""

import re

from deploys.apps.source import Source
from deploys.config import App
from deploys.refusal import Refusal

_LIST = re.compile(r"(?:[\w.-]+/)?(?:requirements/[\w.-]+|[\w.-]*requirements[\w.-]*)\.(?:txt|in)")
_PROJECT = re.compile(r"[\w.-]+/(?:pyproject\.toml|uv\.lock|poetry\.lock|Pipfile\.lock)")
_NOT_FOR_USE = re.compile(r"(?:^|[/_.-])(?:tests?|dev\w*|docs?|lint\w*|ci|examples?)(?:[/_.-]|$)")


def unread(app: App, source: Source) -> str | None:
    """Find a file that says what to install, where none that is read does.

    Of those in a directory, only one in the app's own counts: others may be about something else.
    """
    own = f"{_top(app)}/"
    for name in source.files:
        says = _LIST.fullmatch(name) or _PROJECT.fullmatch(name)
        is_near = "/" not in name or name.startswith(("requirements/", own))
        if says and is_near and not _NOT_FOR_USE.search(name):
            return name
    return None


def refuse_elsewhere(app: App, source: Source) -> None:
    """See that the app's module is where Python looks for it, as far as it is in the source at all.

    Args:
        app: the settings; the project is not installed, so that its modules are found by their place alone.
        source: what it is installed from.

    Raises:
        Refusal: it is in a directory that is not looked into.

    """
    top = _top(app)
    found = {name.split("/")[0] for name in source.files if _is_in_one_below(name, top)}
    is_there = any(name == f"{top}.py" or name.startswith(f"{top}/") for name in source.files)
    if is_there or not found or "PYTHONPATH" in {*app.env, *app.secrets}:
        return
    place = "src" if "src" in found else min(found)
    remedy = f'write env = {{"PYTHONPATH": "{place}"}}'
    if place != "src":
        remedy = f'write working_directory = "{place}", or {remedy.removeprefix("write ")}'
    raise Refusal(
        f"{source.directory}: {app.interface}: {app.reference!r}: its {top!r} is in {place}/: {remedy}"
    )


def _top(app: App) -> str:
    return app.reference.partition(":")[0].partition(".")[0]


def _is_in_one_below(name: str, top: str) -> bool:
    _, slash, rest = name.partition("/")
    return bool(slash) and (rest == f"{top}.py" or (rest.startswith(f"{top}/") and rest.endswith(".py")))
