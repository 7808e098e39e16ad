"""Apps of the common frameworks, as their own tutorials write them."""

from typing import Any

from tests.apps_of_others.shape import Shape

_MANAGE = """
import os, sys
if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
    from django.core.management import execute_from_command_line
    execute_from_command_line(sys.argv)
"""
_SETTINGS = """
import os
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = os.environ["ALLOWED_HOSTS"].split(",")
INSTALLED_APPS = ["django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
ROOT_URLCONF = "mysite.urls"
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "assets"]
"""
_URLS = """
from django.http import HttpResponse
from django.urls import path, reverse

def hello(request):
    return HttpResponse(f"WORD {request.build_absolute_uri(reverse('hello'))}")

urlpatterns = [path("hello/", hello, name="hello")]
"""


def _django(interface: str) -> Shape:
    entry = f"""
import os
from django.core.{interface} import get_{interface}_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_{interface}_application()
"""
    return Shape(
        {
            "manage.py": _MANAGE,
            "mysite/__init__.py": "",
            "mysite/settings.py": _SETTINGS,
            "mysite/urls.py": _URLS,
            f"mysite/{interface}.py": entry,
            "assets/site.css": "/* WORD */",
            "requirements.txt": "django==5.2\n" if interface == "asgi" else "django==4.2.20\n",
        },
        {
            interface: f"mysite.{interface}:application",
            "env": {"ALLOWED_HOSTS": "*"},
            "secrets": {"SECRET_KEY": {"command": "echo secret"}},
            "build": ["env SECRET_KEY=build python manage.py collectstatic --noinput"],
            "health": {"path": "/hello/", "status": 200},
        },
        asks=("/hello/", "/static/site.css"),
        routes={"/static/": {"files": "staticfiles"}},
    )


def _django_by_itself() -> Shape:
    """Make a project with several files of settings, which serves its static files by itself."""
    usual = _django("wsgi")
    production = """
from mysite.settings.base import *
MIDDLEWARE = [MIDDLEWARE[0], "whitenoise.middleware.WhiteNoiseMiddleware", *MIDDLEWARE[1:]]
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
"""
    files = {name: text for name, text in usual.files.items() if name != "mysite/settings.py"} | {
        "mysite/settings/__init__.py": "",
        "mysite/settings/base.py": _SETTINGS.replace(".parent.parent", ".parent.parent.parent"),
        "mysite/settings/production.py": production,
        "requirements.txt": "-r requirements/base.txt\nwhitenoise==6.9.0\n",
        "requirements/base.txt": "django==5.2\n",
    }
    env = {"ALLOWED_HOSTS": "*", "DJANGO_SETTINGS_MODULE": "mysite.settings.production"}
    return Shape(files, {**usual.settings, "env": env}, asks=usual.asks)


def _single(requirement: str, module: str, reference: str = "app:app", **settings: Any) -> Shape:
    interface = "asgi" if settings.pop("asgi", False) else "wsgi"
    return Shape(
        {"app.py": module, "requirements.txt": f"{requirement}\n"}, {interface: reference, **settings}
    )


SHAPES = {
    "flask-factory": Shape(
        {
            "flaskr/__init__.py": """
from flask import Flask, render_template

def create_app(test_config=None):
    app = Flask(__name__, instance_relative_config=True)

    @app.route("/")
    def hello():
        return render_template("hello.html")

    return app
""",
            "flaskr/templates/hello.html": "<p>WORD {{ request.url }}</p>",
            "flaskr/static/style.css": "/* WORD */",
            "pyproject.toml": """
[project]
name = "flaskr"
version = "1.0.0"
description = "The basic blog app built in the Flask tutorial."
dependencies = ["flask==3.1.3"]
[build-system]
requires = ["flit_core<4"]
build-backend = "flit_core.buildapi"
""",
        },
        {"wsgi": "flaskr:create_app()"},
        asks=("/", "/static/style.css"),
    ),
    "flask-of-2021": _single(
        "flask==2.0.3\nwerkzeug==2.0.3\ngunicorn==20.1.0\nsetuptools<81",  # which that gunicorn imports
        'from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    return "WORD"\n',
    ),
    "flask-of-2023": _single(
        "flask==3.0.0\ngunicorn==21.2.0",
        'from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    return "WORD"\n',
        workers=2,
    ),
    "gunicorn-conf": Shape(
        {
            "app.py": 'from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n'
            '    return "WORD"\n',
            "gunicorn.conf.py": 'bind = "0.0.0.0:8000"\nworkers = 9\ndaemon = True\nuser = "www-data"\n'
            'pidfile = "/run/gunicorn.pid"\npreload_app = True\n',
            "requirements.txt": "flask==3.0.0\ngunicorn==23.0.0\n",
        },
        {"wsgi": "app:app"},
    ),
    "fastapi-of-2023": _single(
        "fastapi==0.95.2\nuvicorn==0.22.0\npydantic<2.12",
        'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/")\ndef hello():\n    return "WORD"\n',
        asgi=True,
    ),
    "flask-app": _single(
        "flask==3.1.3",
        'from flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef hello():\n    return "WORD"\n',
        server="granian",
        workers=2,
    ),
    "an-attribute": _single(
        "flask==3.1.3",
        """
from flask import Flask

class Dashboard:
    def __init__(self):
        self.server = Flask(__name__)
        self.server.add_url_rule("/", view_func=lambda: "WORD")

app = Dashboard()
""",
        "app:app.server",
    ),
    "django-asgi": _django("asgi"),
    "django-wsgi": _django("wsgi"),
    "django-by-itself": _django_by_itself(),
    "pyramid": _single(
        "pyramid==2.0.2\nsetuptools<81",
        """
from pyramid.config import Configurator
from pyramid.response import Response

with Configurator() as config:
    config.add_route("hello", "/")
    config.add_view(lambda request: Response("WORD " + request.route_url("hello")), route_name="hello")
    app = config.make_wsgi_app()
""",
    ),
    "bottle": _single(
        "bottle==0.13.4",
        'import bottle\n@bottle.route("/")\ndef hello():\n    return "WORD"\napp = bottle.default_app()\n',
    ),
    "falcon": _single(
        "falcon==4.0.2",
        """
import falcon

class Hello:
    def on_get(self, request, response):
        response.text = "WORD " + request.uri

app = falcon.App()
app.add_route("/", Hello())
""",
        threads=2,
    ),
    # It looks its routes up by the whole path, whatever root_path is.
    "falcon-asgi": Shape(
        {
            "app.py": """
import falcon.asgi

class Hello:
    async def on_get(self, request, response):
        response.text = "WORD " + request.uri

app = falcon.asgi.App()
app.add_route("/falcon-asgi/", Hello())
""",
            "requirements.txt": "falcon==4.0.2\n",
        },
        {"asgi": "app:app", "health": {"path": "/falcon-asgi/"}},
        carries_prefix=True,
    ),
    "starlette": _single(
        "starlette==0.46.2",
        """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

async def hello(request):
    return PlainTextResponse("WORD " + str(request.url_for("hello")))

app = Starlette(routes=[Route("/", hello, name="hello")])
""",
        asgi=True,
        server="hypercorn",
    ),
    "litestar": _single(
        "litestar==2.15.2\nsniffio",  # which it imports, and does not ask for
        """
from litestar import Litestar, get

@get("/", sync_to_thread=False)
def hello() -> str:
    return "WORD"

app = Litestar([hello])
""",
        asgi=True,
        server="granian",
    ),
    "quart": _single(
        "quart==0.20.0",
        """
from quart import Quart

app = Quart(__name__)

@app.route("/")
async def hello():
    return "WORD"
""",
        asgi=True,
        server="hypercorn",
    ),
    "fastapi-root-path": _single(
        "fastapi==0.115.12",
        """
from contextlib import asynccontextmanager
from fastapi import FastAPI, Request

@asynccontextmanager
async def lifespan(app):
    yield {"word": "WORD"}

app = FastAPI(root_path="/fastapi-root-path", lifespan=lifespan)

@app.get("/", name="hello")
def hello(request: Request):
    return [request.state.word, str(request.url_for("hello")), app.root_path]
""",
        asgi=True,
    ),
    "fastapi": _single(
        "fastapi==0.115.12",
        """
from fastapi import FastAPI

def create_app():
    app = FastAPI()
    app.get("/")(lambda: "WORD")
    return app
""",
        "app:create_app()",
        asgi=True,
        server="fastapi",
    ),
}
