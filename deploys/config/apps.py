"""What an app is: where its code comes from, what serves it, and what it has on the server."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from deploys.config.app_servers import RECYCLING, WSGI_SERVERS, Interface, ServerName
from deploys.config.command_lines import Command
from deploys.config.contradiction import Contradiction
from deploys.config.execution import Health, Hooks, Job, Limits, Sandbox
from deploys.config.fields import (
    AppReference,
    ControllerPath,
    EnvironmentName,
    Name,
    PersistentPath,
    PythonVersion,
    SourcePath,
    Variable,
)
from deploys.config.images import Container, ImageSource
from deploys.config.numbers import seconds, whole
from deploys.config.public import Public
from deploys.config.reach import Reach
from deploys.config.secrets import Secret
from deploys.config.settings import HIDDEN, Settings
from deploys.config.sources import (
    Dependencies,
    Indexes,
    PackageSource,
    Source,
    Tree,
    WheelSource,
    place_of,
)
from deploys.config.variables import as_it_is, refuse_variable

if TYPE_CHECKING:
    from deploys.config.server import Server


def _has_the_app(path: str, settings: Mapping[str, Any]) -> bool:
    """Say whether a path of the source has the app's module, wherever Python looks for it."""
    reference = settings.get("asgi") or settings.get("wsgi") or ""
    module = reference.partition(":")[0].replace(".", "/")
    tops = ("", settings.get("working_directory") or "")
    modules = ["/".join(filter(None, (top, below, module))) for top in tops for below in ("", "src")]
    return any(f"{one}/".startswith(path) or path in {f"{one}.py", f"{one}/__init__.py"} for one in modules)


class App(Settings):
    """An app: where it comes from and how it runs. It has either `asgi` or `wsgi`, or is an image."""

    source: Source
    """A directory on the controller (what git tracks there and does not ignore, or all of it), or an
    object with `git`, `wheel`, `package` or `image`."""

    sources: dict[SourcePath, Tree] = {}
    """What comes into the code from elsewhere before the build, by the directory that it gets there, like
    `frontend`: a directory on the controller, or an object with `git`."""

    asgi: AppReference | None = None
    """`module:attribute` of an ASGI app, or `module:factory()`: FastAPI, Starlette, Litestar, Quart, or
    Django's `asgi.py`."""

    wsgi: AppReference | None = None
    """The same of a WSGI app: Flask, Pyramid, Bottle, or Django's `wsgi.py`."""

    container: Container = Container()
    """Of an app as an image: its port, and what runs in it."""

    server: ServerName = Field(default_factory=lambda others: "gunicorn" if others.get("wsgi") else "uvicorn")
    """The server that runs it. For ASGI: `uvicorn`, `fastapi` (for `fastapi run`), `hypercorn`, `gunicorn`,
    `gunicorn-uvicorn` or `granian`; for WSGI: `gunicorn`, which is then the default, or `granian`."""

    workers: Annotated[int, whole(1, 256)] = 1
    """How many worker processes a slot has."""

    recycle_after: Annotated[int, whole(1, 1_000_000_000)] | None = None
    """How many requests a worker process answers before a new one takes its place, for an app that grows.
    It takes 2 `workers` or more, and as the server `uvicorn`, `fastapi` or `gunicorn-uvicorn`; for WSGI
    `gunicorn`."""

    threads: Annotated[int, whole(1, 1024)] = 8
    """How many requests each worker process of a WSGI app answers at a time, as it has a thread for each."""

    port: Annotated[int, whole(1024, 32766)] | None = None
    """The loopback port of the first slot, the second has the next; derived from the name unless given."""

    public: Public | None = None
    """With `proxy = "none"`: how the load balancer reaches the app. One without it is reached by nobody."""

    python: PythonVersion | None = None
    """The Python version, like `3.12`, where the machine or uv has it; what the project asks for unless
    given, and else the machine's own."""

    working_directory: SourcePath | None = None
    """The directory of the source that the app is installed from and runs in, like `backend`, with the rest
    around it as it was; the source itself unless given."""

    dependencies: Dependencies = Dependencies()

    indexes: Indexes = Indexes()

    build: tuple[Command, ...] = ()
    """Commands that end the build of a release, like `python manage.py collectstatic --noinput`: in its code,
    with its environment and `env`, and without secrets."""

    include: tuple[SourcePath, ...] = ()
    """Files and directories of the source that come along though git ignores them, like `frontend/dist`."""

    persistent: tuple[PersistentPath, ...] = ()
    """Directories and files within the code that the app writes and that outlive releases, like `data/`,
    `media/` or `db.sqlite3`; the first release brings what they begin with."""

    env: Annotated[dict[EnvironmentName, Annotated[Variable, AfterValidator(as_it_is)]], HIDDEN] = {}
    """Environment variables, readable by anyone on the server who may ask systemd."""

    env_file: ControllerPath | None = None
    """A file on the controller with variables, in the form that python-dotenv reads. Each of them is kept as
    a secret is; what `env` or `secrets` have by the same name counts instead."""

    secrets: dict[EnvironmentName, Secret] = {}
    """What only root and the app may read, by the name under which the app finds it."""

    health: Health = Health()

    hooks: Hooks = Hooks()

    processes: dict[Name, Command] = {}
    """Commands that run as long as the release has the traffic, as background workers do."""

    jobs: dict[Name, Job] = {}
    """Commands that run at times, as long as the release has the traffic."""

    limits: Limits = Limits()

    sandbox: Sandbox = Sandbox()

    reach: tuple[Reach, ...] = ()
    """What is open to the app and its build besides the network at large: a service on this machine
    (`mariadb`, `memcached`, `mongodb`, `mysql`, `pgbouncer`, `postgres`, `rabbitmq`, `redis`, `smtp`,
    `syslog`, `valkey`), another app by its name, the cloud's `metadata`, or addresses and ports, like
    `127.0.0.1:5432`, `10.0.0.0/8:8000-8010` or `[fd00::5]:5432`."""

    drain: Annotated[int, seconds(1, 3600)] = 30
    """Seconds that open requests, streams and WebSockets of the former release get before it stops."""

    keep: Annotated[int, whole(2, 100)] = 5
    """How many releases stay on the server for going back."""

    @property
    def interface(self) -> Interface:
        return "wsgi" if self.wsgi else "asgi"

    @property
    def reference(self) -> str:
        """Where the app is."""
        return str(self.wsgi or self.asgi)

    @property
    def is_image(self) -> bool:
        return isinstance(self.source, ImageSource)

    @model_validator(mode="after")
    def _has_one_interface(self) -> Self:
        if self.is_image:
            return self
        if self.asgi and self.wsgi:
            raise ValueError("asgi and wsgi are both there: remove one")
        if not self.asgi and not self.wsgi:
            raise ValueError('add asgi, like "shop.main:app", or wsgi')
        return self

    @field_validator("server")
    @classmethod
    def _knows_the_interface(cls, server: ServerName, others: ValidationInfo) -> ServerName:
        if others.data.get("wsgi") and server not in WSGI_SERVERS:
            raise ValueError(f"for an app with wsgi, write {' or '.join(map(repr, WSGI_SERVERS))}")
        return server

    @field_validator("recycle_after")
    @classmethod
    def _loses_nothing(cls, requests: int | None, others: ValidationInfo) -> int | None:
        if requests is None or not {"server", "workers"} <= others.data.keys():
            return requests
        able = RECYCLING["wsgi" if others.data.get("wsgi") else "asgi"]
        if others.data["server"] not in able:
            other = " or ".join(map(repr, able))
            raise ValueError(
                f"remove it, or set server to {other}: {others.data['server']} would lose requests"
            )
        if others.data["workers"] < 2:
            raise ValueError("set workers to 2 or more, too: the others answer while a new one starts")
        return requests

    @field_validator("threads")
    @classmethod
    def _is_of_wsgi(cls, threads: int, others: ValidationInfo) -> int:
        if others.data.get("asgi"):
            raise ValueError("remove it: only an app with wsgi has threads")
        return threads

    @field_validator("sources")
    @classmethod
    def _have_places(cls, sources: dict[str, Any], others: ValidationInfo) -> dict[str, Any]:
        if sources and isinstance(others.data.get("source"), WheelSource | PackageSource):
            raise ValueError("remove it: a wheel or package is installed whole")
        for place in sources:
            if around := place_of(place, sources):
                raise ValueError(f"write another directory than {place!r}: {around!r} is a source already")
        return sources

    @field_validator("include")
    @classmethod
    def _is_of_a_directory(cls, include: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        sources = others.data.get("sources", {})
        for path in include:
            if path in sources:
                raise ValueError(f"remove {path!r}: name what git ignores in it, like {f'{path}/dist'!r}")
            place = place_of(path, sources)
            if not isinstance(sources[place] if place else others.data.get("source", ""), str):
                raise ValueError(
                    f"remove {path!r}: git has no ignored files in what it keeps, a wheel or package has all"
                )
        return include

    @field_validator("working_directory")
    @classmethod
    def _is_in_the_source(cls, directory: str | None, others: ValidationInfo) -> str | None:
        if directory and isinstance(others.data.get("source"), WheelSource | PackageSource):
            raise ValueError("remove it: a wheel or package is installed whole")
        return directory

    @field_validator("persistent")
    @classmethod
    def _are_apart(cls, persistent: tuple[str, ...], others: ValidationInfo) -> tuple[str, ...]:
        for path in persistent:
            around = [each for each in persistent if each != path and path.startswith(each.rstrip("/") + "/")]
            if around or persistent.count(path) > 1:
                raise ValueError(f"remove {path!r}, which is a part of {(around or [path])[0]!r} already")
            if _has_the_app(path, others.data):
                raise ValueError(f"remove {path!r}, which has the app itself: no release would change it")
            for place in others.data.get("sources", {}):
                if f"{place}/".startswith(path):
                    raise ValueError(f"remove {path!r}, which has a source: no release would change it")
        return persistent

    @field_validator("env", "secrets")
    @classmethod
    def _not_ours(cls, variables: dict[str, Any]) -> dict[str, Any]:
        for name in variables:
            refuse_variable(name)
        return variables

    @field_validator("secrets")
    @classmethod
    def _not_said_twice(cls, secrets: dict[str, Secret], others: ValidationInfo) -> dict[str, Secret]:
        for name in secrets.keys() & others.data.get("env", {}).keys():
            raise ValueError(f"{name} is in env, too; keep one of them")
        return secrets

    @field_validator("dependencies")
    @classmethod
    def _suit_the_source(cls, dependencies: Dependencies, others: ValidationInfo) -> Dependencies:
        if "source" in others.data:
            dependencies.suit(others.data["source"])
        return dependencies


def shared_ports(server: "Server") -> Iterator[Contradiction]:
    """Find the apps that have each other's ports."""
    owners: dict[int, str] = {}
    for app, settings in server.apps.items():
        ports = (server.port(app), server.port(app) + 1)
        taken = [(owners[port], port) for port in ports if port in owners]
        owners |= dict.fromkeys(ports, app)
        if taken:
            owner, port = taken[0]
            remedy = f"apps[{owner!r}] has port {port}; each app takes two, so set another"
            yield Contradiction(("apps", app, "port"), settings.port, remedy)
