"""What stands for the user's code where a recipe is tried: as little as shows that its settings are right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.apps_of_others.shapes import SHAPES

_SAYS = 'from fastapi import FastAPI\napp = FastAPI()\napp.get("/")(lambda: "WORD")\n'
_HEALTHY = f'{_SAYS}app.get("/health")(lambda: 1)\n'
_FASTAPI = "fastapi==0.115.12\n"


@dataclass(frozen=True)
class Skeleton:
    """A recipe's sources, and what must answer."""

    sources: Mapping[str, Mapping[str, str]]
    """The files of each, by the last part of its path or URL; `WORD` stands for what they say."""
    asks: tuple[str, ...]
    """Where each must say it."""
    stays: tuple[str, ...] = ()
    """Where they go on saying the first."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """What is in the environment of whoever runs gatehouse."""
    packages: tuple[str, ...] = ()
    """Debian packages that the page says to install."""


_ENVIRONMENT_OF_ALEMBIC = """
import os
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
_MIGRATION = """
import sqlalchemy
from alembic import op

revision, down_revision = "1", None

def upgrade():
    op.create_table("visits", sqlalchemy.Column("id", sqlalchemy.Integer, primary_key=True))
"""
_WITH_SERVICES = """
import os
import redis
from fastapi import FastAPI
from sqlalchemy import create_engine, text

app = FastAPI()
engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
cache = redis.Redis.from_url(os.environ["REDIS_URL"])

@app.get("/health")
def health():
    return cache.ping()

@app.get("/")
def visit():
    with engine.begin() as connection:
        connection.execute(text("insert into visits default values"))
        return ["WORD", connection.scalar(text("select count(*) from visits")), cache.incr("visits")]
"""
_DJANGO = SHAPES["django-wsgi"].files
_DJANGO_MORE = """
INSTALLED_APPS += ["django.contrib.contenttypes", "django.contrib.sessions"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
MEDIA_ROOT = BASE_DIR / "media"
MEDIA_ROOT.mkdir(exist_ok=True)
"""
_DJANGO_URLS = """
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.urls import path

def hello(request):
    (settings.MEDIA_ROOT / "hello.txt").write_text("WORD")
    return HttpResponse(f"WORD {Session.objects.count()}")

urlpatterns = [path("", hello)]
"""
_FLASK = """
import os
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db, migrate = SQLAlchemy(), Migrate()

class Post(db.Model):
    id = db.Column(db.Integer, primary_key=True)

def create_app():
    app = Flask(__name__, instance_relative_config=True)
    app.config.from_mapping(SECRET_KEY=os.environ["SECRET_KEY"], SQLALCHEMY_DATABASE_URI="sqlite:///blog.db")
    db.init_app(app)
    migrate.init_app(app, db)

    @app.route("/")
    def hello():
        db.session.add(Post())
        db.session.commit()
        return f"WORD {Post.query.count()}"

    return app
"""
_ENVIRONMENT_OF_FLASK = """
from alembic import context
from flask import current_app

with current_app.extensions["migrate"].db.engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""
_TASKS = """
from celery import Celery

celery = Celery("shop", broker="redis://127.0.0.1:6379/1", backend="redis://127.0.0.1:6379/1")

@celery.task
def say():
    return "WORD"
"""
_ASKS_A_WORKER = """
from fastapi import FastAPI
from shop.tasks import say

app = FastAPI()

@app.get("/")
def hello():
    return say.delay().get(timeout=30)
"""
_JOB = 'import os, pathlib\npathlib.Path(os.environ["STATE_DIRECTORY"], "{0}").write_text("{0}: WORD")\n'
_BUILDS = """
import { mkdirSync, writeFileSync } from "node:fs";
mkdirSync("dist", { recursive: true });
writeFileSync("dist/index.html", "<p>WORD");
"""
_LOCKED = '{"name": "ui", "lockfileVersion": 3, "requires": true, "packages": {"": {"name": "ui"}}}'
_SAYS_WITH_DATABASE = _SAYS.replace('"WORD"', '["WORD", os.environ["DATABASE_URL"]]')

SKELETONS = {
    "FastAPI with Postgres and Redis": Skeleton(
        {
            "shop": {
                "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.9"\n'
                'dependencies = ["alembic", "fastapi", "psycopg[binary]", "redis", "sqlalchemy"]\n',
                "shop/__init__.py": "",
                "shop/main.py": _WITH_SERVICES,
                "alembic.ini": "[alembic]\nscript_location = migrations\n",
                "migrations/env.py": _ENVIRONMENT_OF_ALEMBIC,
                "migrations/versions/1.py": _MIGRATION,
            }
        },
        ("https://www.example.com/", "https://www.example.com/"),
        variables={"SHOP_DATABASE_URL": "postgresql://shop:secret@127.0.0.1/shop"},
        packages=("postgresql", "redis"),
    ),
    "Django": Skeleton(
        {
            "shop": {
                **_DJANGO,
                "mysite/settings.py": _DJANGO["mysite/settings.py"] + _DJANGO_MORE,
                "mysite/urls.py": _DJANGO_URLS,
            }
        },
        tuple(f"https://www.example.com/{path}" for path in ("", "static/site.css", "media/hello.txt")),
    ),
    "Flask": Skeleton(
        {
            "blog": {
                "requirements.txt": "flask==3.1.3\nflask-migrate==4.1.0\nflask-sqlalchemy==3.1.1\n",
                "blog/__init__.py": _FLASK,
                "blog/static/style.css": "/* WORD */",
                "migrations/alembic.ini": "[alembic]\n",
                "migrations/env.py": _ENVIRONMENT_OF_FLASK,
                "migrations/versions/1.py": _MIGRATION.replace("visits", "post"),
            }
        },
        ("https://blog.example.com/", "https://blog.example.com/static/style.css"),
    ),
    "A frontend with an API": Skeleton(
        {
            "shop": {
                ".gitignore": "dist/\n",
                "backend/requirements.txt": _FASTAPI,
                "backend/shop/main.py": _HEALTHY,
                "frontend/package.json": "{}",
                "frontend/dist/index.html": "<p>WORD",
                "frontend/dist/assets/index-DiwrgTda.js": "// WORD",
            }
        },
        tuple(
            f"https://www.example.com/{path}" for path in ("", "any/page", "assets/index-DiwrgTda.js", "api/")
        ),
    ),
    "A frontend with a repository of its own": Skeleton(
        {
            "shop.git": {"requirements.txt": _FASTAPI, "shop/main.py": _HEALTHY},
            "shop-ui.git": {
                "package.json": '{"name": "ui", "type": "module", "scripts": {"build": "node build.js"}}',
                "package-lock.json": _LOCKED,
                "build.js": _BUILDS,
            },
        },
        ("https://www.example.com/", "https://www.example.com/api/"),
        packages=("nodejs", "npm"),
    ),
    "Background workers and schedules": Skeleton(
        {
            "shop": {
                "requirements.txt": f"{_FASTAPI}celery[redis]==5.5.2\n",
                "shop/__init__.py": "",
                "shop/main.py": _ASKS_A_WORKER,
                "shop/tasks.py": _TASKS,
                "shop/tidy.py": _JOB.format("tidy"),
                "shop/report.py": _JOB.format("report"),
            }
        },
        ("https://www.example.com/",),
        packages=("redis",),
    ),
    "Several apps": Skeleton(
        {
            "shop.git": {"requirements.txt": _FASTAPI, "shop/main.py": _SAYS},
            "blog": {
                "requirements.txt": "flask==3.1.3\n",
                "blog.py": "from flask import Flask, request\napp = Flask(__name__)\n"
                'app.route("/")(lambda: f"WORD {request.url}")\n',
            },
        },
        ("https://www.example.com/", "https://www.example.com/blog/", "https://shop.example.net/"),
    ),
    "Staging beside production": Skeleton(
        {
            "shop.git": {
                "requirements.txt": _FASTAPI,
                "shop/main.py": f"import os\n{_SAYS_WITH_DATABASE}",
            }
        },
        ("https://staging.example.com/",),
        stays=("https://www.example.com/",),
        variables={
            "SHOP_DATABASE_URL": "postgresql:production",
            "STAGING_DATABASE_URL": "postgresql:staging",
        },
    ),
}
"""A skeleton for each recipe of the page."""
