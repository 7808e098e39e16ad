"""Popular packages as they come: from the index alone, or with the few lines that their own pages tell of."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.apps_of_others.shape import Shape


def _written(
    requirements: str,
    module: str,
    interface: str = "asgi",
    reference: str = "main:app",
    files: Mapping[str, str] = MappingProxyType({}),
    **settings: object,
) -> Shape:
    files = {"main.py": module, "requirements.txt": f"{requirements}\n", **files}
    return Shape(files, {interface: reference, "health": {"timeout": 120}, **settings})


PACKAGES: dict[str, tuple[Shape, str, str]] = {
    "httpbin": (
        Shape({}, {"source": {"package": "httpbin==0.10.2"}, "wsgi": "httpbin:app"}),
        "/get",
        "https://httpbin.",
    ),
    "pypiserver": (
        Shape(
            {},
            {
                "source": {"package": "pypiserver==2.4.1"},
                "wsgi": "pypiserver:app()",
                "health": {"path": "/health"},
            },
        ),
        "/health",
        "Ok",
    ),
    "datasette": (
        _written(
            "datasette==0.65.1\nsetuptools<81",
            "from datasette.app import Datasette\napp = Datasette([]).app()\n",
        ),
        "/-/versions.json",
        '"asgi"',
    ),
    "nicegui": (
        _written(
            "nicegui==2.18.0",
            """
from fastapi import FastAPI
from nicegui import ui

app = FastAPI()

@ui.page("/")
def hello():
    ui.label("Hello from NiceGUI")

ui.run_with(app)
""",
        ),
        "/",
        "Hello from NiceGUI",
    ),
    "gradio": (
        _written(
            "gradio==5.29.0\nrequests",  # which it imports, and does not ask for
            """
import gradio
from fastapi import FastAPI

page = gradio.Interface(lambda name: f"Hello {name}", "text", "text", title="Hello from Gradio")
app = gradio.mount_gradio_app(FastAPI(), page, path="/hello")
""",
        ),
        "/hello/",
        "Hello from Gradio",
    ),
    "chainlit": (
        _written(
            "chainlit==2.5.5\nsniffio",  # which a package that it needs imports, and does not ask for
            """
from chainlit.utils import mount_chainlit
from fastapi import FastAPI

app = FastAPI()
mount_chainlit(app=app, target="chat.py", path="/chat")
""",
            files={"chat.py": "import chainlit\n\n@chainlit.on_message\nasync def answer(message): ...\n"},
            env={"CHAINLIT_APP_ROOT": "/var/lib/app-chainlit"},  # it writes there as it is imported
        ),
        "/chat/",
        "<title>",
    ),
    "streamlit": (
        _written(
            "streamlit==1.67.0",
            'from streamlit.starlette import App\napp = App("page.py")\n',
            files={"page.py": 'import streamlit\nstreamlit.title("Hello")\n'},
        ),
        "/_stcore/health",
        "ok",
    ),
    "marimo": (
        _written(
            "marimo==0.25.2",
            """
import marimo

app = marimo.create_asgi_app().with_app(path="", root="notebook.py").build()
""",
            files={"notebook.py": "import marimo\napp = marimo.App()\n@app.cell\ndef hello():\n    return\n"},
        ),
        "/",
        "marimo",
    ),
    "shiny": (
        _written(
            "shiny==1.8.0",
            'from shiny import App, ui\napp = App(ui.page_fluid("Hello from Shiny"), None)\n',
        ),
        "/",
        "Hello from Shiny",
    ),
    "prefect": (
        Shape(
            {},
            {
                "source": {"package": "prefect==3.9.1"},
                "asgi": "prefect.server.api.server:create_app()",
                "env": {"PREFECT_HOME": "/var/lib/app-prefect"},
                "health": {"path": "/api/health", "timeout": 120},
            },
        ),
        "/api/health",
        "true",
    ),
    "dash": (
        _written(
            "dash==3.0.4",
            'import dash\napp = dash.Dash(title="Hello from Dash")\napp.layout = dash.html.Div("Hello")\n',
            "wsgi",
            "main:app.server",
        ),
        "/",
        "Hello from Dash",
    ),
    "flask-socketio": (
        _written(
            "flask-socketio==5.5.1\nsimple-websocket==1.1.0",
            """
from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
app.add_url_rule("/health", view_func=lambda: "well")
socketio = SocketIO(app, async_mode="threading")
""",
            "wsgi",
            threads=50,
            health={"path": "/health", "timeout": 120},
        ),
        "/socket.io/?EIO=4&transport=polling",
        '"upgrades":["websocket"]',
    ),
    "sanic": (
        _written(
            "sanic==25.3.0",
            """
from sanic import Sanic, text

app = Sanic("hello")
app.config.PROXIES_COUNT = 1

@app.get("/")
async def hello(request):
    return text(f"Hello from {request.url}")
""",
        ),
        "/",
        "Hello from https://sanic.",
    ),
    "cherrypy": (
        _written(
            "cherrypy==18.10.0\nsetuptools<81",
            """
import cherrypy

class Root:
    @cherrypy.expose
    def index(self):
        return f"Hello from {cherrypy.url()}"

app = cherrypy.Application(Root(), None)
""",
            "wsgi",
        ),
        "/",
        "Hello from https://cherrypy.",
    ),
    "sqladmin": (
        _written(
            "sqladmin==0.20.1\nfastapi\ngreenlet",
            """
from fastapi import FastAPI
from sqladmin import Admin
from sqlalchemy import create_engine

app = FastAPI()
admin = Admin(app, create_engine("sqlite://"), title="Hello from SQLAdmin")
""",
        ),
        "/admin/",
        "Hello from SQLAdmin",
    ),
}
"""An app of each package, the path to ask for, and what must be in the answer."""
