"""Within a release: a server's options, as the version of it that the app brings knows them."""

import importlib
from importlib.metadata import version
from typing import Any

OLDEST = {"fastapi-cli": "0.0.14", "granian": "2.5", "gunicorn": "24", "uvicorn": "0.22"}
"""The versions that can do what is asked of them, by their distributions; of gunicorn's, for ASGI, and
behind a load balancer."""

_PROGRAMS = {"fastapi": "fastapi_cli", "gunicorn": "gunicorn.app.wsgiapp"}
"""What is run for a server where not every version of it can be run by its own name."""

_FOR_NEW_ONES = {"--no-control-socket"}
"""Options that leave out what an older version does not have."""


def program(server: str) -> str:
    """Give the module that is run for a server."""
    return _PROGRAMS.get(server, server)


def fitted(server: str, words: "list[str]") -> "list[str]":
    """Give the options that the version which is there is run with.

    Args:
        server: its name.
        words: what follows it on the command line, as a new version is told it.

    Raises:
        RuntimeError: it does not know one that it cannot do without.

    """
    if server == "hypercorn":  # every version knows what it is told
        return words
    known = _of_gunicorn(words) if server == "gunicorn" else _of_click_s(server)
    words = [word for word in words if word in known or word not in _FOR_NEW_ONES]
    if any(word.startswith("--") and word not in known for word in words):
        raise too_old("fastapi-cli" if server == "fastapi" else server)
    return words


def too_old(distribution: str) -> RuntimeError:
    """Say which version is needed."""
    wanted = f"have the app ask for {distribution}>={OLDEST[distribution]}"
    return RuntimeError(f"{distribution} {version(distribution)} is too old: {wanted}")


def _of_gunicorn(words: "list[str]") -> "set[str]":
    workers = importlib.import_module("gunicorn.workers").SUPPORTED_WORKERS
    if words[words.index("--worker-class") + 1] == "asgi" and "asgi" not in workers:
        raise too_old("gunicorn")
    settings = importlib.import_module("gunicorn.config").KNOWN_SETTINGS
    return {option for setting in settings for option in setting.cli or ()}


def _of_click_s(server: str) -> "set[str]":
    command: Any
    if server == "fastapi":
        app = importlib.import_module("fastapi_cli.cli").app
        command = importlib.import_module("typer.main").get_command(app).commands["run"]
    else:
        name = "cli" if server == "granian" else "main"  # of the module, and of the command in it
        command = vars(importlib.import_module(f"{server}.{name}"))[name]
    return {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
