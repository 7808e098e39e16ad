"""An app of the other interface is recognised where it is imported, and so is what is no app at all."""

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


class AsgiApp:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class WsgiApp:
    name = "shop"

    def __call__(self, environ: Any, start_response: Any) -> Any: ...

    wsgi_method = __call__


class AppOfAClass:
    def __init__(self, environ: Any, start_response: Any) -> None: ...


asgi_object, wsgi_object = AsgiApp(), WsgiApp()
asgi_partial = functools.partial(asgi_function, send=None)
wsgi_partial = functools.partial(takes_anything, 1)
number = 7

ASGI = ["asgi_function", "asgi_without_async", "second_asgi", "asgi_object", "asgi_partial", "bare_factory()"]
WSGI = ["wsgi_function", "wsgi_object", "wsgi_object.wsgi_method", "factory()"]
EITHER = ["takes_anything", "AppOfAClass", "wsgi_partial"]


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


@pytest.mark.parametrize("load", [asgi, wsgi])
@pytest.mark.parametrize("name", ["factory", "bare_factory"])
def test_a_factory_is_to_be_called(load: Any, name: str) -> None:
    with pytest.raises(TypeError, match=rf'makes an app: write {load.__name__} = "{__name__}:{name}\(\)"'):
        load(f"{__name__}:{name}")


@pytest.mark.parametrize("name", ["number", "wsgi_object.name"])
def test_what_answers_nothing_is_no_app(name: str) -> None:
    with pytest.raises(TypeError, match=r"is a builtins\.\w+, which is no app"):
        asgi(f"{__name__}:{name}")
