"""An app of the other interface is recognised where it is imported, and so is what is no app at all."""

import asyncio
import functools
from typing import Any

import pytest

from deploys.apps.wrapper.reference import asgi, wsgi


async def asgi_function(scope: Any, receive: Any, send: Any) -> None: ...


def asgi_without_async(scope: Any, receive: Any, send: Any) -> Any: ...


def second_asgi(scope: Any) -> Any: ...


def wsgi_function(environ: Any, start_response: Any) -> Any: ...


def takes_anything(*arguments: Any, **named: Any) -> Any: ...


def factory(settings: Any = None, name: str = "", *, debug: bool = False) -> Any:
    return wsgi_function


def bare_factory() -> Any:
    return asgi_function


def factory_of_many(a: Any = 1, b: Any = 2, c: Any = 3) -> Any: ...


def wanting(config: Any) -> Any: ...


def wanting_more(config: Any, debug: bool = False, name: str = "") -> Any: ...


def wanting_named(*, config: Any) -> Any: ...


def wanting_two(config: Any, database: Any) -> Any: ...


async def async_factory() -> Any:
    return asgi_function


async def async_wanting(config: Any = None) -> Any: ...


async def handler(request: Any, response: Any) -> Any: ...


@functools.lru_cache
def cached_factory() -> Any:
    return wsgi_function


def makes_a_factory() -> Any:
    return factory


def makes_nothing() -> Any: ...


def of_request(function: Any) -> Any:
    """As werkzeug's Request.application: what it gives is a WSGI app, of a function that takes a request."""
    return functools.wraps(function)(lambda *arguments: function(arguments[-2]))


@of_request
def decorated(request: Any) -> Any: ...


async def of_settings(_settings: Any, scope: Any, receive: Any, send: Any) -> None: ...


def second_of_other_names(_scope: Any) -> Any: ...


def wsgi_of_other_names(e: Any, respond: Any) -> Any: ...


def wsgi_of_env(env: Any, start_response: Any = None) -> Any: ...


def asgi_of_other_names(a: Any, b: Any, c: Any) -> Any: ...


class AsgiApp:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class SecondAsgiApp:
    def __call__(self, scope: Any) -> Any: ...


class WsgiApp:
    name = "shop"

    def __call__(self, environ: Any, start_response: Any) -> Any: ...

    wsgi_method = __call__


class AppOfAClass:
    def __init__(self, environ: Any, start_response: Any) -> None: ...


class Endpoint:
    def __init__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Consumer:
    def __init__(self, scope: Any) -> None: ...


class Configured:
    def __init__(self, import_name: str, static: str = "", host: str = "") -> None: ...


class OfAiohttp:
    __module__ = "aiohttp.web_app"

    def __call__(self) -> Any:
        return self


class OfTornado:
    __module__ = "tornado.web"

    def __call__(self, request: Any) -> Any: ...


class OfSomebody(OfTornado):
    __module__ = "shop.main"


def makes_one_of_tornado() -> Any:
    return OfTornado()


of_aiohttp, of_tornado, of_somebody = OfAiohttp(), OfTornado(), OfSomebody()
asgi_object, wsgi_object, second_object = AsgiApp(), WsgiApp(), SecondAsgiApp()
asgi_partial = functools.partial(of_settings, None)
wsgi_partial = functools.partial(takes_anything, 1)
number = 7

ASGI = [
    *("asgi_function", "asgi_without_async", "asgi_of_other_names", "asgi_object", "asgi_partial"),
    *("second_asgi", "second_of_other_names", "second_object", "Consumer", "Endpoint", "bare_factory()"),
]
WSGI = [
    *("wsgi_function", "wsgi_of_other_names", "wsgi_object", "wsgi_object.wsgi_method", "AppOfAClass"),
    *("factory()", "cached_factory()", "WsgiApp()"),
]
EITHER = ["takes_anything", "wsgi_partial", "decorated", "wsgi_of_env"]


@pytest.mark.parametrize("name", [*ASGI, *EITHER])
def test_an_asgi_app_is_taken(name: str) -> None:
    assert callable(asgi(f"{__name__}:{name}"))


@pytest.mark.parametrize("name", [*WSGI, *EITHER])
def test_a_wsgi_app_is_taken(name: str) -> None:
    assert callable(wsgi(f"{__name__}:{name}"))


@pytest.mark.parametrize("name", WSGI)
def test_a_wsgi_app_is_no_asgi_app(name: str) -> None:
    with pytest.raises(TypeError, match=r"which is WSGI: write wsgi = \"[\w.]+:") as refused:
        asgi(f"{__name__}:{name}")
    assert f'wsgi = "{__name__}:{name}" in place of asgi' in str(refused.value)


@pytest.mark.parametrize("name", ASGI)
def test_an_asgi_app_is_no_wsgi_app(name: str) -> None:
    with pytest.raises(TypeError, match=r"which is ASGI: write asgi = ") as refused:
        wsgi(f"{__name__}:{name}")
    assert f'asgi = "{__name__}:{name}" in place of wsgi' in str(refused.value)


AWAITED = "would have to be awaited, which nobody does: make it a function without async"
OF_CONFIG = "makes an app of config: write app = {}(…) in a module of yours, and name that"


@pytest.mark.parametrize("load", [asgi, wsgi])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        *((name, f'makes an app: write WANTED = "NAME:{name}()"') for name in ("factory", "bare_factory")),
        *(
            (name, f'makes an app: write WANTED = "NAME:{name}()"')
            for name in ("factory_of_many", "cached_factory", "AsgiApp")
        ),
        *((name, OF_CONFIG.format(name)) for name in ("wanting", "wanting_more", "wanting_named")),
        *((f"{name}()", OF_CONFIG.format(name)) for name in ("wanting", "wanting_more", "wanting_named")),
        ("wanting_two()", OF_CONFIG.format("wanting_two").replace("config", "config, database")),
        ("Configured", OF_CONFIG.format("Configured").replace("config", "import_name")),
        ("Configured()", OF_CONFIG.format("Configured").replace("config", "import_name")),
        *((name, AWAITED) for name in ("async_factory", "async_wanting")),
        *((f"{name}()", AWAITED) for name in ("async_factory", "async_wanting")),
        ("handler", "is a function, which is no app: name what answers requests"),
        ("makes_a_factory()", "gives a function, which is no app: have it return the app"),
        ("makes_nothing()", "is a builtins.NoneType, which is no app: name what answers requests"),
        ("wsgi_object()", 'is an app, and makes none: write wsgi = "NAME:wsgi_object"'),
        ("wsgi_function()", 'is an app, and makes none: write wsgi = "NAME:wsgi_function"'),
        ("asgi_function()", 'is an app, and makes none: write asgi = "NAME:asgi_function"'),
        ("asgi_object()", 'is an app, and makes none: write asgi = "NAME:asgi_object"'),
        ("second_asgi()", 'is an app, and makes none: write asgi = "NAME:second_asgi"'),
    ],
)
def test_what_makes_an_app_is_told_with_what_to_write(load: Any, name: str, said: str) -> None:
    with pytest.raises(TypeError) as refused:
        load(f"{__name__}:{name}")
    expected = said.replace("WANTED", load.__name__).replace("NAME", __name__)
    assert str(refused.value) == f"{__name__}:{name} {expected}"


@pytest.mark.parametrize("load", [asgi, wsgi])
@pytest.mark.parametrize("name", ["number", "wsgi_object.name"])
def test_what_answers_nothing_is_no_app(load: Any, name: str) -> None:
    with pytest.raises(TypeError, match=r"is a builtins\.\w+, which is no app"):
        load(f"{__name__}:{name}")


@pytest.mark.parametrize("load", [asgi, wsgi])
@pytest.mark.parametrize(
    "name", ["of_aiohttp", "of_aiohttp()", "of_tornado", "of_somebody", "makes_one_of_tornado()"]
)
def test_what_has_a_server_of_its_own_is_told_with_what_to_make(load: Any, name: str) -> None:
    with pytest.raises(TypeError, match=r'neither ASGI nor WSGI, .* write source = {"image": …}'):
        load(f"{__name__}:{name}")


def of_two_calls(scope: Any) -> Any:
    async def answer(receive: Any, send: Any) -> None:
        await send({**scope, **await receive()})

    return answer


def test_an_asgi_app_of_the_second_version_is_called_as_it_wants() -> None:
    sent = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def answer() -> None:
        await asgi(f"{__name__}:of_two_calls")({"path": "/"}, receive, send)

    asyncio.run(answer())
    assert sent == [{"path": "/", "type": "http.request"}]


def test_what_a_factory_raises_is_its_own() -> None:
    with pytest.raises(KeyError, match="TOKEN"):
        asgi(f"{__name__}:failing()")


def failing() -> Any:
    raise KeyError("TOKEN")
