"""What a release could not write is told with what to name, which freezes no code of the app's."""

from pathlib import Path
from typing import Any

import pytest

from deploys.apps.onhost.unwritable import Code, remedy
from deploys.config import App

SOURCE = {
    "app.py": "",
    "accounts/models.py": "",
    "accounts/fixtures/users.json": "",
    "backend/main.py": "",
    "backend/templates/page.html": "",
    "data/seed.txt": "",
    "frontend/app.js": "",
    "media/.gitkeep": "",
    "shop/main.py": "",
    "shop/wsgi.py": "",
    "src/shop/main.py": "",
    "src/shop/data/seed.json": "",
}
CODE = "/srv/shop/releases/7/code"
REFUSED = "OSError: [Errno 30] Read-only file system: "
DENIED = "PermissionError: [Errno 13] Permission denied: "
MISSING = "FileNotFoundError: [Errno 2] No such file or directory: "
ELSEWHERE = "have it write to $STATE_DIRECTORY instead, and logs to standard output"
IN_BACKEND = {"working_directory": "backend", "asgi": "main:app"}


@pytest.fixture
def code(tmp_path: Path) -> Path:
    for name, content in SOURCE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    return tmp_path


def told(code: Path, written: str, settings: dict[str, Any]) -> str:
    directory = settings.get("working_directory", "")
    lines = [*written.splitlines(), "gunicorn: worker failed to boot"]
    return remedy(lines, Code(str(code), directory, [*settings.get("sources", {})]))


def frame(name: str, source: str, path: str = f"{CODE}/shop/main.py") -> str:
    return f'Traceback (most recent call last):\n  File "{path}", line 3, in {name}\n    {source}\n'


IN_LOGGING = frame("__init__", "StreamHandler.__init__(self, self._open())", "/usr/lib/logging/__init__.py")
IN_LOGGING += (
    '  File "/usr/lib/python3.13/logging/__init__.py", line 1263, in _open\n    return open_func(…)\n'
)
IN_PATHLIB = frame("<module>", 'Path("data").make()')
IN_PATHLIB += '  File "/usr/lib/python3.13/pathlib/_local.py", line 722, in mkdir\n    os.mkdir(self, mode)\n'
IN_TEMPFILE = frame("<module>", 'tempfile.mkdtemp(dir="cache")')
IN_TEMPFILE += '  File "/usr/lib/python3.13/tempfile.py", line 3, in mkdtemp\n    _os.mkdir(file, 0o700)\n'


@pytest.mark.parametrize(
    ("written", "settings", "expected"),
    [
        # Of a directory that the release does not have, or has empty, all is the app's.
        (f"{REFUSED}'{CODE}/uploads/deep/x.txt'", {}, "uploads/"),
        (f"{REFUSED}'{CODE}/media/avatars/2024/x.png'", {}, "media/"),
        (f"touch: cannot touch '{CODE}/logs/x': Read-only file system", {}, "logs/"),
        # Of one that it has something in, no more than the file's own directory.
        (f"{REFUSED}'{CODE}/data/x.txt'", {}, "data/"),
        (f"{REFUSED}'{CODE}/data/deep/x.txt'", {}, "data/deep/"),
        (f"{REFUSED}'{CODE}/shop/uploads/x.png'", {"asgi": None, "wsgi": "shop.wsgi:app"}, "shop/uploads/"),
        (f"{REFUSED}'{CODE}/src/shop/data/x.db'", {}, "src/shop/data/"),
        (f"{REFUSED}'{CODE}/src/uploads/x'", {}, "src/uploads/"),
        (f"{REFUSED}'{CODE}/accounts/fixtures/new.json'", {}, "accounts/fixtures/"),
        (f"{REFUSED}'{CODE}/backend/media/x'", IN_BACKEND, "backend/media/"),
        # Beside code, the file alone.
        (f"{DENIED}'{CODE}/app.log'", {}, "app.log"),
        (f"{REFUSED}'{CODE}/shop/state.json'", {}, "shop/state.json"),
        (f"{REFUSED}'{CODE}/backend/x.log'", IN_BACKEND, "backend/x.log"),
        (f"{REFUSED}'{CODE}/frontend/x.log'", {"sources": {"frontend": "../ui"}}, "frontend/x.log"),
        (f"{REFUSED}'{CODE}/frontend/cache/x'", {"sources": {"frontend": "../ui"}}, "frontend/cache/"),
        # What has no dot in its name would be taken for a directory.
        (f"{REFUSED}'{CODE}/shop/schedule'", {}, None),
        (f"{REFUSED}'celerybeat-schedule'", {}, None),
        # A relative path is relative to where it runs.
        (f"{REFUSED}'out/day.csv'", {}, "out/"),
        (f"{REFUSED}'./app.log'", {}, "app.log"),
        (f"{REFUSED}'app.log'", IN_BACKEND, "backend/app.log"),
        (f"{REFUSED}'media/x.png'", IN_BACKEND, "backend/media/"),
        (f"{REFUSED}'../media/x.png'", IN_BACKEND, "media/"),
        (f"{REFUSED}'../../x.png'", IN_BACKEND, None),
        # A directory that it makes.
        (f"{IN_PATHLIB}{REFUSED}'data'", {}, "data/"),
        (f"{IN_PATHLIB}{REFUSED}'cache'", IN_BACKEND, "backend/cache/"),
        (f"{frame('<module>', 'os.mkdir(HERE)')}{REFUSED}'{CODE}/shop/cache'", {}, "shop/cache/"),
        ("mkdir: cannot create directory 'cache': Read-only file system", {}, "cache/"),
        (f"{IN_TEMPFILE}{REFUSED}'data/tmpud88aiyk'", {}, "data/"),
        # What git ignores, and so does not come along; but not what it would read.
        (f"{IN_LOGGING}{MISSING}'{CODE}/logs/app.log'", {}, "logs/"),
        (f"{IN_LOGGING}{MISSING}'{CODE}/var/log/app.log'", {}, "var/log/"),
        (f"{IN_LOGGING}{MISSING}'logs/app.log'", IN_BACKEND, "backend/logs/"),
        (f"{IN_LOGGING}{MISSING}'/var/log/shop/app.log'", {}, None),
        (
            f"{IN_LOGGING}{MISSING}'{CODE}/logs/app.log'\n\nThe above exception was the direct cause …\n\n"
            f"{frame('configure', 'raise ValueError')}ValueError: Unable to configure handler 'file'",
            {},
            "logs/",
        ),
        (frame("save", 'with open(PATH, "w") as file:') + f"{MISSING}'out/x.csv'", {}, "out/"),
        (f"{frame('load', 'with open(PATH) as file:')}{MISSING}'config/shop.yml'", {}, ""),
        (f"{frame('load', 'subprocess.run(WORDS)')}{MISSING}'ffmpeg'", {}, ""),
        (f"{IN_LOGGING}{MISSING}'{CODE}/data/app.log'", {}, ""),
        # Of the release, but not its code.
        (f"{REFUSED}'/srv/shop/releases/7/venv/lib/python3.13/site-packages/nltk/data/x'", {}, None),
        (f"{DENIED}'/srv/shop/releases/7/venv/cache'", {}, None),
        (f"{REFUSED}'/run/tmpud88aiyk'", {}, None),
        ("RuntimeError: no configuration for the anvil", {}, ""),
    ],
)
def test_what_may_not_be_written_is_told_with_the_setting(
    code: Path, written: str, settings: dict[str, Any], expected: str | None
) -> None:
    said = told(code, written, settings)
    if not expected:
        assert said == (ELSEWHERE if expected is None else "")
        return
    assert said == f'to write there, name it: "persistent": ["{expected}"]'
    named = App.model_validate({"source": ".", "persistent": [expected], "asgi": "shop.main:app"} | settings)
    assert named.persistent == (expected,), "expected the settings to take what is advised"


DATABASE = "sqlite3.OperationalError: unable to open database file"
READ_ONLY = "django.db.utils.OperationalError: attempt to write a readonly database"


@pytest.mark.parametrize(
    ("written", "settings", "there", "expected"),
    [
        (DATABASE, {}, [], 'like "persistent": ["db.sqlite3"]'),
        (READ_ONLY, IN_BACKEND, [], 'like "persistent": ["backend/db.sqlite3"]'),
        (READ_ONLY, {}, ["instance/shop.db"], 'name it: "persistent": ["instance/shop.db"]'),
        (READ_ONLY, {}, ["a.db", "b.sqlite"], 'like "persistent": ["db.sqlite3"]'),
        (frame("f", "connect('shop.db')") + DATABASE, {}, [], '"persistent": ["shop.db"]'),
        (
            frame("f", 'connect("var/s.db3")') + DATABASE,
            IN_BACKEND,
            [],
            '"persistent": ["backend/var/s.db3"]',
        ),
        (frame("f", 'engine("sqlite:///./s.db")') + DATABASE, {}, ["x.db"], '"persistent": ["s.db"]'),
        (frame("f", 'engine("sqlite:////data/s.db")') + DATABASE, {}, [], '"writable": ["/data"]}'),
        (
            frame("f", f"connect('{CODE}/shop/s.sqlite')") + DATABASE,
            {},
            [],
            '"persistent": ["shop/s.sqlite"]',
        ),
        (frame("f", "from django.db import x") + DATABASE, {}, [], 'like "persistent": ["db.sqlite3"]'),
    ],
)
def test_a_database_is_named_by_its_own_path(
    code: Path, written: str, settings: dict[str, Any], there: list[str], expected: str
) -> None:
    for name in there:
        (code / name).parent.mkdir(exist_ok=True)
        (code / name).write_text("")
    assert told(code, written, settings).endswith(expected)


def test_what_a_link_leads_to_is_not_looked_at(code: Path) -> None:
    (code / "linked").symlink_to("shop")
    assert '["linked/"]' in told(code, f"{REFUSED}'{CODE}/linked/x'", {})


def test_a_place_on_the_server_is_named_where_it_may_be(code: Path) -> None:
    said = told(code, f"{REFUSED}'/srv/uploads/x.txt'", {})
    assert said == 'to write there, name it: "sandbox": {"writable": ["/srv/uploads"]}'


NOBODY_S = ("/data", "/data/in", "/mnt/disk", "/srv/uploads/deep", "/uploads", "/storage1")
SOMEBODY_S = (
    *(
        "/",
        "/bin",
        "/boot/grub",
        "/dev",
        "/dev/mqueue",
        "/etc",
        "/etc/gatehouse",
        "/etc/systemd/system",
        "/home/ops",
    ),
    *(
        "/lib",
        "/lib64",
        "/media",
        "/mnt",
        "/opt/gatehouse/uv",
        "/root",
        "/root/.ssh",
        "/run",
        "/run/gatehouse",
    ),
    *("/srv", "/srv/bank", "/srv/bank/data", "/srv/shop", "/sys/fs", "/snap", "/usr/local/bin", "/var"),
    *("/var/lib/app-bank", "/var/lib/app-shop", "/var/lib/gatehouse/live", "/var/www", "/var/spool/cron"),
    *(
        "/data/../etc",
        "//etc",
        "/srv/../etc",
        "/data/x y",
        "/data/x]}; release 9 has the traffic",
        "/link/in",
    ),
)
"""What an app could say it wants to write to, for the operator to open it."""


@pytest.mark.parametrize("place", [*NOBODY_S, *SOMEBODY_S])
def test_nobody_is_advised_to_open_what_is_somebody_s(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"/srv/bank/releases", "/etc/sysusers.d/gatehouse-shop.conf"}
    monkeypatch.setattr("os.path.lexists", there.__contains__)
    monkeypatch.setattr("os.path.realpath", lambda path: path.replace("/link", "/etc"))
    said = remedy([f"{DENIED}'{place.rstrip('/')}/x'"], Code(CODE))
    opens = f'to write there, name it: "sandbox": {{"writable": ["{place}"]}}'
    assert said == (opens if place in NOBODY_S else ELSEWHERE)
