"""What a release is built from, and the script that builds it. Pure."""

import hashlib
import inspect
import json
import shlex
from dataclasses import dataclass

from deploys.apps import wrapper
from deploys.apps.layout import UV, Layout
from deploys.apps.onhost import times
from deploys.apps.project import Installation, installation
from deploys.apps.servers import SERVERS
from deploys.apps.source import Source
from deploys.apps.versions import versions
from deploys.config import App
from deploys.config.sources import PackageSource, WheelSource

UV_VERSION = "0.13.8"

WRAPPER_SOURCE = inspect.getsource(wrapper)

_PYTHON = '"$VIRTUAL_ENV/bin/python"'


@dataclass(frozen=True)
class Recipe:
    """How a release is made of a source."""

    script: str
    """For `sh -eu`, as the app's user, in the directory of the code."""
    digest: str
    """Of the source and of everything else that the result depends on."""
    installs: str
    """What is installed, for whoever reads the plan."""


def recipe(app: App, source: Source) -> Recipe:
    """Choose how the source's dependencies are installed, and make sure of the ASGI server."""
    server = SERVERS[app.server]
    ensure = [_ensure(module, requirement) for module, requirement in server.requirements.items()]
    install = _installation(app, source)
    lines = [*install.script, *ensure, *_commands(app), _COMPILE, _SETTLE, _TIDY]
    script = "\n".join(lines)
    indexes = [app.indexes.default_url, app.indexes.extra_urls]
    depends_on = [source.digest, script, UV_VERSION, indexes, WRAPPER_SOURCE]
    digest = hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()
    return Recipe(script, digest, install.words)


def _installation(app: App, source: Source) -> Installation:
    python = f" --python {app.python}" if app.python else ""
    make = f'uv venv --quiet{python} "$VIRTUAL_ENV"'
    match app.source:
        case WheelSource() if source.files:
            extras = f"[{','.join(app.dependencies.extras)}]" if app.dependencies.extras else ""
            wheel = shlex.quote(f"./{source.files[0]}{extras}")
            return Installation([make, f"uv pip install --quiet {wheel}"], "the wheel")
        case PackageSource(package=requirement):
            return Installation([make, f"uv pip install --quiet {shlex.quote(requirement)}"], requirement)
    return installation(app, source)


def _commands(app: App) -> list[str]:
    """Give the lines that run the app's own commands, as it will run itself."""
    if not app.build:
        return []
    variables = [f"export {name}={shlex.quote(value)}" for name, value in sorted(app.env.items())]
    path = 'export PATH="$VIRTUAL_ENV/bin:$PATH"'
    # In a shell of their own: what is set for them is not for uv.
    return ["(", *variables, path, *(shlex.join(shlex.split(command)) for command in app.build), ")"]


def _ensure(module: str, requirement: str) -> str:
    look = f"import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)"
    # Isolated, or a folder of that name in the app's own files would be taken for it.
    return f"{_PYTHON} -I -c \"{look}\" || uv pip install --quiet '{requirement}'"


_COMPILE = f"{_PYTHON} -m compileall -q . || true  # a file that is no Python 3 is the app's own business"


_SETTLE = f'/usr/bin/python3 -I -c {shlex.quote(inspect.getsource(times))} . "$VIRTUAL_ENV"'


# uv's own pruning leaves all wheels where they are. It makes this file with the cache, and never touches it.
_TIDY = 'find "$UV_CACHE_DIR/CACHEDIR.TAG" -mtime -30 | grep -q . || uv cache clean --quiet'


def environment(app: App, layout: Layout, source: Source, number: int) -> dict[str, str]:
    """Give what the build script finds in its environment."""
    release = layout.release(number)
    ours = {
        "HOME": layout.cache,
        "PATH": f"{UV}/{UV_VERSION}/bin:/usr/local/bin:/usr/bin:/bin",
        "UV_CACHE_DIR": f"{layout.cache}/uv",
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "copy",
        "UV_NO_PROGRESS": "1",
        "UV_PROJECT_ENVIRONMENT": layout.environment(number),
        "UV_PYTHON_CACHE_DIR": f"{layout.cache}/python",
        "UV_PYTHON_INSTALL_DIR": f"{release}/python",
        "UV_SYSTEM_CERTS": "1",
        "VIRTUAL_ENV": layout.environment(number),
    }
    if app.indexes.default_url:
        ours["UV_DEFAULT_INDEX"] = ours["PIP_INDEX_URL"] = app.indexes.default_url
    if app.indexes.extra:
        ours["UV_INDEX"] = " ".join(app.indexes.extra_urls)
    return versions(source) | ours


def sysusers(layout: Layout) -> str:
    """Render the fragment that makes the app's user (sysusers.d(5)).

    One that was deleted gets the number that is on its data, at a boot too, instead of another's.
    """
    return (
        "# Written by gatehouse. Changes are overwritten.\n"
        f'u {layout.user} {layout.state} "{layout.about_user}" {layout.cache}\n'
    )
