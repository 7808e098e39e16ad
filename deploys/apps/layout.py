"""Where in a source the app's module is, and whether Python looks for it there. Pure."""

import posixpath
from collections.abc import Iterator

from deploys.apps import pyproject
from deploys.apps.source import Source
from deploys.config import App
from deploys.refusal import Refusal

_COPIES = {"build", "dist", "doc", "docs", "examples", "site-packages", "test", "tests"}
"""Directories in which a module of the same name is another one."""


def refuse_elsewhere(app: App, source: Source) -> None:
    """See that the app's module is where Python looks for it, as far as it is in the source at all.

    Args:
        app: the settings; the project is not installed, so that its modules are found by their place alone.
        source: what it is installed from.

    Raises:
        Refusal: it is in a directory that is not looked into.

    """
    if "PYTHONPATH" in {*app.env, *app.secrets} or pyproject.installs_by_path(pyproject.settings_in(source)):
        return
    module, own = _module(app), top(app)
    places = [] if _is_at_the_top(source, module) else [*_with_module(source, module)]
    if not places and not _is_at_the_top(source, own):
        places = [*_with_top(source, own)]
    if places:
        place = min(places, key=lambda each: (each.count("/"), each != "src", each))
        what = f"{app.interface}: {app.reference!r}: its {own!r} is in {place}/"
        raise Refusal(f"{source.directory}: {what}: {_remedy(app, source, place)}")


def top(app: App) -> str:
    """Name the package or module that the app's own is in."""
    return _module(app).partition("/")[0]


def _module(app: App) -> str:
    return app.reference.partition(":")[0].replace(".", "/")


def _is_at_the_top(source: Source, module: str) -> bool:
    return any(name.startswith((f"{module}.", f"{module}/")) for name in source.files)


def _with_module(source: Source, module: str) -> Iterator[str]:
    """Give the directories below the source from which a module could be imported."""
    for name in source.files:
        for file in (f"/{module}.py", f"/{module}/__init__.py"):
            place = name.removesuffix(file)
            if place != name and _COPIES.isdisjoint(place.split("/")):
                yield place


def _with_top(source: Source, own: str) -> Iterator[str]:
    """Give those in the source itself that have its package, though maybe not yet the module in it."""
    for name in source.files:
        place, slash, rest = name.partition("/")
        if slash and (rest == f"{own}.py" or (rest.startswith(f"{own}/") and rest.endswith(".py"))):
            yield place


def _remedy(app: App, source: Source, place: str) -> str:
    above, name = posixpath.split(place)
    directory = posixpath.join(app.working_directory or "", place)
    if source.has(f"{place}/manage.py"):  # which is run from there
        return f'write working_directory = "{directory}"'
    if name != "src":
        return f'write working_directory = "{directory}", or env = {{"PYTHONPATH": "{place}"}}'
    path = f'env = {{"PYTHONPATH": "{name}"}}'
    return (
        f'write working_directory = "{posixpath.dirname(directory)}" and {path}' if above else f"write {path}"
    )
