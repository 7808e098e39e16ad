"""What a release is built from, and the script that builds it. Pure."""

import hashlib
import json
import tomllib
from dataclasses import dataclass

from deploys.apps.layout import Layout
from deploys.apps.servers import SERVERS
from deploys.apps.source import Source
from deploys.config import App

UV_VERSION = "0.13.8"

_PYTHON = '"$VIRTUAL_ENV/bin/python"'


@dataclass(frozen=True)
class Recipe:
    """How a release is made of a source."""

    script: str
    """For `sh -eu`, as the app's user, in the directory of the code."""
    digest: str
    """Of the source and of everything else that the result depends on."""


def recipe(app: App, source: Source) -> Recipe:
    """Choose how the source's dependencies are installed, and make sure of the ASGI server."""
    server = SERVERS[app.server]
    lines = [*_install(source), _ensure(server.module, server.requirement), _COMPILE]
    script = "\n".join(lines)
    digest = hashlib.sha256(json.dumps([source.digest, script, UV_VERSION]).encode()).hexdigest()
    return Recipe(script, digest)


def _install(source: Source) -> list[str]:
    if source.has("uv.lock"):
        return ["uv sync --quiet --frozen --no-dev --no-editable"]
    if "project" in tomllib.loads(source.text("pyproject.toml")):
        return ["uv sync --quiet --no-dev --no-editable"]
    environment = 'uv venv --quiet "$VIRTUAL_ENV"'
    if source.has("requirements.txt"):
        return [environment, "uv pip install --quiet --requirements requirements.txt"]
    return [environment]


def _ensure(module: str, requirement: str) -> str:
    look = f"import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)"
    return f"{_PYTHON} -c \"{look}\" || uv pip install --quiet '{requirement}'"


_COMPILE = f"{_PYTHON} -m compileall -q . || true  # a file that is no Python 3 is the app's own business"


def sysusers(layout: Layout) -> str:
    """Render the fragment that makes the app's user (sysusers.d(5))."""
    return (
        "# Written by gatehouse. Changes are overwritten.\n"
        f'u {layout.user} - "gatehouse app {layout.app}" {layout.cache}\n'
    )
