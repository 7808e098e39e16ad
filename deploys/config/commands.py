"""Commands of an app that would enter an environment first, as they do where the app is developed. Pure."""

import re
import shlex
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from deploys.config.contradiction import Contradiction

if TYPE_CHECKING:
    from deploys.config.server import Server

_RUNNERS = {"conda", "hatch", "mamba", "micromamba", "pdm", "pipenv", "pixi", "poetry", "rye", "uv"}
"""Programs whose `run` makes or enters an environment: none is there, and uv would change a release's own."""
_WITH_SCRIPTS = {"hatch", "pdm", "pipenv", "pixi", "rye"}
"""Those that may run a line of their own by a name."""
_FLAGS = {"--", "--frozen", "--isolated", "--locked", "--no-dev", "--no-sync", "--quiet", "-q"}
_OF_AN_ENVIRONMENT = re.compile(
    r"(?:(?!/|\.\./).*/|/(?:home|root|Users)/.*/)?\.?(?:venv|env|virtualenv)/bin/([^/]+)"
)
"""A program of a virtual environment of the source's or of a person's, which never comes along."""
_WHY = "the programs of the app's environment are found by their names"


def entering(server: "Server") -> Iterator[Contradiction]:
    """Find the commands of apps, but for those of images, that would enter an environment."""
    for app, settings in server.apps.items():
        if settings.is_image:
            continue
        hooks = settings.hooks
        commands: list[tuple[tuple[str | int, ...], str]] = [
            *((("build", place), each) for place, each in enumerate(settings.build)),
            *((("processes", name), each) for name, each in settings.processes.items()),
            *((("jobs", name, "command"), job.command) for name, job in settings.jobs.items()),
            *((("hooks", "before", place), each) for place, each in enumerate(hooks.before)),
            *((("hooks", "after", place), each) for place, each in enumerate(hooks.after)),
        ]
        for key, command in commands:
            if remedy := without_entering(command):
                yield Contradiction(("apps", app, *key), command, remedy)


def without_entering(command: str) -> str | None:
    """Say what to write in place of a command that would enter an environment; None for another."""
    words = shlex.split(command)
    before = [*takewhile(lambda word: word == "env" or "=" in word, words)]
    match words[len(before) :]:
        case [program, *rest] if found := _OF_AN_ENVIRONMENT.fullmatch(program):
            return _meant([*before, found[1], *rest])
        case [runner, "run", *rest] if runner in _RUNNERS:
            alone = _alone(runner, rest)
            if alone is None:
                return f"write the command without {f'{runner} run'!r}: {_WHY}"
            return _meant([*before, *alone], "or what it stands for: " * (runner in _WITH_SCRIPTS))
    return None


def _alone(runner: str, rest: list[str]) -> list[str] | None:
    """Give the command that a runner would run; None where options tell of more than that."""
    while rest and rest[0] in _FLAGS:
        rest = rest[1:]
    match rest:
        case ["-m" | "--module", *_] if runner == "uv":
            return ["python", "-m", *rest[1:]]
        case [first, *_] if not first.startswith("-"):
            return ["python", *rest] if runner == "uv" and first.endswith(".py") else rest
    return None


def _meant(words: list[str], or_that: str = "") -> str:
    return f"did you mean {shlex.join(words)!r}? {or_that}{_WHY}"
