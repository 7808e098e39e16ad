"""What the script that builds a release does besides installing, and where."""

from pathlib import Path

import pytest

from deploys.refusal import Refusal
from tests.apps.sources import PROJECT, REQUIRED, VENV, app, script, written


def test_the_app_s_own_commands_end_the_build_with_its_environment(tmp_path: Path) -> None:
    settings = app(
        written(tmp_path, {"main.py": ""}),
        build=["python manage.py collectstatic --noinput", "sh -c 'echo \"$B\"'"],
        env={"B": "it's", "A": "1", "VIRTUAL_ENV": ".venv"},
    )
    lines = script(settings)
    first = lines.index("(")
    assert lines[first : lines.index(")") + 1] == [
        "(",
        'export PATH="$VIRTUAL_ENV/bin:$PATH"',
        "export A=1",
        "export B='it'\"'\"'s'",
        "export VIRTUAL_ENV=.venv",
        "python manage.py collectstatic --noinput",
        "sh -c 'echo \"$B\"'",
        ")",
    ]
    assert "(" not in script(app(str(tmp_path), env={"A": "1"}))


def test_a_directory_of_the_source_is_installed_from_within(tmp_path: Path) -> None:
    files = {"backend/requirements.txt": "", "uv.lock": "", "VERSION": "1"}
    lines = script(app(written(tmp_path, files), working_directory="backend", build=["true"]))
    assert lines[:3] == ["cd backend", VENV, REQUIRED]
    assert lines.index("true") < lines.index('cd "$OLDPWD"')
    assert lines[lines.index('cd "$OLDPWD"') + 1].endswith("is the app's own business")


def test_a_server_of_the_app_s_own_is_not_looked_for_among_its_files(tmp_path: Path) -> None:
    lines = script(app(written(tmp_path, PROJECT), server="gunicorn"))
    assert [line for line in lines if "find_spec('gunicorn')" in line and '/bin/python" -I -c ' in line]


def test_what_is_beside_the_directory_of_the_app_is_there(tmp_path: Path) -> None:
    files = {"app/requirements.txt": "-c ../pins.txt\n-e ../lib\n", "pins.txt": "", "lib/setup.py": ""}
    lines = script(app(written(tmp_path, files), working_directory="app"))
    assert lines[:3] == ["cd app", VENV, REQUIRED]
    (tmp_path / "lib/setup.py").unlink()
    with pytest.raises(Refusal, match=r"/app/requirements\.txt: '\.\./lib' is not in the source"):
        script(app(str(tmp_path), working_directory="app"))
