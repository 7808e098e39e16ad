"""Where in a source the app's module is, and whether Python looks for it there. Pure."""

from deploys.apps.source import Source
from deploys.config import App
from deploys.refusal import Refusal


def refuse_elsewhere(app: App, source: Source) -> None:
    """See that the app's module is where Python looks for it, as far as it is in the source at all.

    Args:
        app: the settings; the project is not installed, so that its modules are found by their place alone.
        source: what it is installed from.

    Raises:
        Refusal: it is in a directory that is not looked into.

    """
    own = top(app)
    found = {name.split("/")[0] for name in source.files if _is_in_one_below(name, own)}
    is_there = any(name == f"{own}.py" or name.startswith(f"{own}/") for name in source.files)
    if is_there or not found or "PYTHONPATH" in {*app.env, *app.secrets}:
        return
    place = "src" if "src" in found else min(found)
    remedy = f'write env = {{"PYTHONPATH": "{place}"}}'
    if place != "src":
        remedy = f'write working_directory = "{place}", or {remedy.removeprefix("write ")}'
    raise Refusal(
        f"{source.directory}: {app.interface}: {app.reference!r}: its {own!r} is in {place}/: {remedy}"
    )


def top(app: App) -> str:
    """Name the package or module that the app's own is in."""
    return app.reference.partition(":")[0].partition(".")[0]


def _is_in_one_below(name: str, top: str) -> bool:
    _, slash, rest = name.partition("/")
    return bool(slash) and (rest == f"{top}.py" or (rest.startswith(f"{top}/") and rest.endswith(".py")))
