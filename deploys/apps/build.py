"""What a release is built from, and the script that builds it. Pure."""

import hashlib
import inspect
import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploys import pins
from deploys.apps import images, uv_wanted, wrapper
from deploys.apps.installation import Installation, make_environment
from deploys.apps.onhost import times
from deploys.apps.pythons import wanted_python
from deploys.apps.sandbox import protections
from deploys.apps.search import installation
from deploys.apps.servers import PROGRAM, WRAPPER, server_of
from deploys.apps.source import NOTHING, Source
from deploys.apps.versions import versions
from deploys.config import App
from deploys.config.images import ImageSource
from deploys.config.sources import PackageSource, WheelSource
from deploys.onhost import headers
from deploys.places.apps import NOWHERE, UV, AppPlaces
from deploys.refusal import Refusal

_UV = pins.read(Path(__file__).with_name("uv.txt"))[0]
UV_VERSION = _UV.version
UV_REQUIREMENT = _UV.text
"""With the digests of what may be installed: root runs it, whatever index it came from."""

WRAPPER_SOURCES = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted(Path(inspect.getfile(wrapper)).parent.glob("*.py"))
} | {"headers.py": inspect.getsource(headers)}
"""The modules of the package that each release carries, by their files' names."""

FILES = {f"{WRAPPER}/{name}": source for name, source in WRAPPER_SOURCES.items()} | {
    PROGRAM: f"from {WRAPPER}.listen import main\n\nmain()\n"
}
"""All that it carries, by the files' places; Python runs the directory of them."""

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
    """Choose how a release is made: of an image, or by installing what the source needs, and the server."""
    if isinstance(app.source, ImageSource):
        of_image = images.script(app.source, app.sandbox.writable, source)
        digest = _digest(source.digest, of_image, images.FILES, *app.persistent)
        return Recipe(of_image, digest, images.described(app.source))
    requirements = server_of(app).requirements
    ensure = [_ensure(module, requirement) for module, requirement in requirements.items()]
    install = _installation(app, source)
    lines = [*ensure, *_commands(app)]
    own = app.working_directory or ""
    if install.place == own:
        lines = _within(own, [*install.script, *lines])
    else:
        lines = [*_within(install.place, install.script), *_within(own, lines)]
    script = "\n".join([*lines, _COMPILE, _SETTLE])
    indexes = [app.indexes.default_url, app.indexes.extra_urls]
    digest = _digest(source.digest, script, UV_VERSION, indexes, FILES, *app.persistent)
    return Recipe(script, digest, install.words)


def _within(directory: str, lines: list[str]) -> list[str]:
    """Have lines of script run in a directory of the source, or else in the source's own."""
    return [f"cd {shlex.quote(directory)}", *lines, 'cd "$OLDPWD"'] if directory else lines


def _digest(*depends_on: object) -> str:
    return hashlib.sha256(json.dumps(depends_on).encode()).hexdigest()


def _installation(app: App, source: Source) -> Installation:
    make = make_environment(wanted_python(app, NOTHING))
    match app.source:
        case WheelSource() if source.files:
            extras = f"[{','.join(app.dependencies.extras)}]" if app.dependencies.extras else ""
            wheel = shlex.quote(f"./{source.files[0]}{extras}")
            return Installation([make, f"uv pip install --quiet {wheel}"], "the wheel")
        case PackageSource(package=requirement):
            return Installation([make, f"uv pip install --quiet {shlex.quote(requirement)}"], requirement)
    found = installation(app, _of_the_app(app, source), source)
    for directory in (app.working_directory or "", found.place):
        uv_wanted.refuse_another(source, directory, UV_VERSION, app.python)
    return found


def _of_the_app(app: App, source: Source) -> Source:
    """Give what of the source the app is installed from.

    Raises:
        Refusal: the settings name a directory that it does not have.

    """
    if app.working_directory is None or not source.files:
        return source
    if not (found := source.below(app.working_directory)).files:
        where = f"{source.directory}: working_directory: {app.working_directory!r}"
        raise Refusal(f"{where} is not there, or has no files: write a directory of the source")
    return found


def _commands(app: App) -> list[str]:
    """Give the lines that run the app's own commands, as it will run itself."""
    if not app.build:
        return []
    variables = [f"export {name}={shlex.quote(value)}" for name, value in sorted(app.env.items())]
    path = 'export PATH="$VIRTUAL_ENV/bin:$PATH"'
    # In a shell of their own: what is set for them is not for uv.
    return ["(", path, *variables, *(shlex.join(shlex.split(command)) for command in app.build), ")"]


def _ensure(module: str, requirement: str) -> str:
    look = f"import importlib.util as u, sys; sys.exit(u.find_spec('{module}') is None)"
    # Isolated, or a folder of that name in the app's own files would be taken for it.
    return f"{_PYTHON} -I -c \"{look}\" || uv pip install --quiet '{requirement}'"


_COMPILE = f"{_PYTHON} -m compileall -q . || true  # a file that is no Python 3 is the app's own business"


_SETTLE = f'/usr/bin/python3 -I -c {shlex.quote(inspect.getsource(times))} . "$VIRTUAL_ENV"'


_BUILDS_NEED = ("MemoryDenyWriteExecute", "ProcSubset")
"""What compilers, and the programs that a build runs, cannot live with."""

_LIMITS = (
    ("CPUWeight", "50"),
    ("LimitCORE", "0"),
    ("MemoryMax", "75%"),
    ("OOMPolicy", "kill"),
    ("OOMScoreAdjust", "500"),
    ("RuntimeMaxSec", "3600"),
    ("SyslogLevelPrefix", "no"),
    ("TasksMax", "2048"),
    ("TimeoutStopSec", "10"),
    ("UMask", "0027"),
)
"""A build neither takes the machine from those that serve on it, nor goes on for ever."""


def properties(places: AppPlaces, *, of_image: bool = False) -> list[tuple[str, str]]:
    """List the properties of the unit that a release is built in: the app's own sandbox, and limits.

    What the running app writes is out of sight: its user's home has the configuration of ssh and others.
    """
    loosened = images.BUILDS_NEED if of_image else _BUILDS_NEED
    protected = [(name, value) for name, values in protections(loosened) for value in values]
    if of_image:
        protected += images.TIGHTENED
    return [*protected, *_LIMITS, ("InaccessiblePaths", f"-{places.state}")]


_OWN = "/var/tmp"  # noqa: S108  # the unit's own, which systemd makes for it and removes with it
"""Where a build keeps what it needs for its own time: on the disk, as /tmp may be memory."""


def environment(app: App, places: AppPlaces, source: Source, number: int) -> dict[str, str]:
    """Give what the build script finds in its environment."""
    bundle = places.ca_bundle(number)
    ours = {
        "HOME": f"{_OWN}/home",
        "PATH": f"{UV}/{UV_VERSION}/bin:/usr/local/bin:/usr/bin:/bin",
        "PIP_CERT": bundle,
        "SSL_CERT_FILE": bundle,
        "TMPDIR": _OWN,
        "UV_CACHE_DIR": f"{_OWN}/uv",
        "UV_COMPILE_BYTECODE": "1",
        "UV_LINK_MODE": "copy",
        "UV_NO_PROGRESS": "1",
        "UV_PROJECT_ENVIRONMENT": places.environment(number),
        "UV_PYTHON_CACHE_DIR": f"{_OWN}/python",
        "UV_PYTHON_INSTALL_DIR": places.fetched_python(number),
        "UV_SYSTEM_CERTS": "1",
        "VIRTUAL_ENV": places.environment(number),
    }
    if app.indexes.default_url:
        ours["UV_DEFAULT_INDEX"] = ours["PIP_INDEX_URL"] = app.indexes.default_url
    if app.indexes.extra:
        ours["UV_INDEX"] = " ".join(app.indexes.extra_urls)
    if app.is_image:
        return ours | images.environment(app, places, number)
    return versions(source) | ours


def carried(app: App) -> Mapping[str, str]:
    """Give the modules that a release carries, by their files' places."""
    return images.FILES if app.is_image else FILES


def workplace(app: App, places: AppPlaces, number: int) -> str:
    """Give the directory in which the source lies while the release is built."""
    return _OWN if app.is_image else places.code(number)


def sysusers(places: AppPlaces) -> str:
    """Render the fragment that makes the app's user (sysusers.d(5)).

    One that was deleted gets the number that is on its data, at a boot too, instead of another's.
    """
    return (
        "# Written by gatehouse. Changes are overwritten.\n"
        f'u {places.user} {places.state} "{places.about_user}" {NOWHERE}\n'
    )
