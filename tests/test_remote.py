"""A module sent as source does on the host what it does here."""

import grp
import importlib.util
import json
import os
import pwd
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from pyinfra.api.command import StringCommand

from deploys import remote
from deploys.base.onhost import files
from deploys.onhost.run import ENVIRONMENT


def run(argument: object, before: str = "", module: ModuleType = files) -> subprocess.CompletedProcess[str]:
    command = remote.run(module, argument)
    text = command.get_raw_value().replace("/usr/bin/python3", sys.executable, 1)
    stdin = str(command.connector_arguments["_stdin"])
    return subprocess.run(
        ["sh", "-c", before + text], input=stdin, capture_output=True, text=True, check=False
    )


def test_the_result_comes_back_as_data(tmp_path: Path) -> None:
    (tmp_path / "it's").write_text("x")
    answer = run({"look": [str(tmp_path / "it's")]})
    assert (answer.returncode, answer.stderr) == (0, "")
    assert json.loads(answer.stdout)["files"][str(tmp_path / "it's")]["mode"] == 0o644


def test_the_argument_is_on_no_command_line() -> None:
    assert "hunter2" not in remote.run(files, {"look": ["hunter2"]}).get_raw_value()


def test_an_error_of_the_system_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    answer = run({"remove": [str(tmp_path / "file" / "below")]})
    assert answer.returncode == 1
    assert answer.stderr == f"[Errno 20] Not a directory: '{tmp_path}/file/below'\n"


@pytest.mark.parametrize("argument", [{"write": [{"path": "/nowhere"}]}, "no object", {"look": [7]}, None])
def test_an_error_that_nobody_foresaw_is_one_line(argument: object) -> None:
    answer = run(argument)
    assert answer.returncode == 1
    assert answer.stderr.startswith("a mistake of gatehouse's own: "), answer.stderr
    assert answer.stderr.endswith("; please report it\n")
    assert answer.stderr.count("\n") == 1


def test_a_strict_umask_of_the_session_is_not_handed_down(tmp_path: Path) -> None:
    """Or no app could read what lies below /opt/gatehouse, nor nginx which slot is live."""
    file = tmp_path / "opt" / "file"
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    wanted = {"path": str(file), "content": "", "mode": 0o600, "owner": user, "group": group}
    answer = run({"write": [wanted]}, before="umask 077\n")
    assert answer.returncode == 0, answer.stderr
    assert (file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o755, 0o600)


SESSION = """
export LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de PATH=/tmp:$PATH LD_PRELOAD=/tmp/x.so PYTHONPATH=/tmp
export GCONV_PATH=/tmp GIT_DIR=/tmp PIP_INDEX_URL=http://127.0.0.1:9/ HOME=/tmp
"""


def test_nothing_of_a_session_reaches_what_runs(tmp_path: Path) -> None:
    """Neither its language, in which programs would speak, nor what steers a program."""
    path = tmp_path / "telling.py"
    path.write_text("import os\n\ndef main(argument):\n    return dict(os.environ)\n")
    spec = importlib.util.spec_from_file_location("telling", path)
    assert spec
    answer = run(None, before=SESSION, module=importlib.util.module_from_spec(spec))
    assert json.loads(answer.stdout) == ENVIRONMENT


@pytest.mark.parametrize(
    "command", [remote.program("/usr/bin/env"), remote.script("/usr/bin/env")], ids=["program", "script"]
)
def test_nor_programs(command: StringCommand) -> None:
    said = subprocess.run(
        ["sh", "-c", SESSION.replace("LD_PRELOAD=/tmp/x.so", "") + command.get_raw_value()],
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(line.split("=", 1) for line in said.stdout.splitlines() if not line.startswith("PWD=")) == (
        ENVIRONMENT
    )


def test_words_of_an_argument_stay_whole() -> None:
    text = remote.script('printf "%s|" "$@"', "a b", "$HOME;'", "").get_raw_value()
    assert subprocess.run(["sh", "-c", text], capture_output=True, text=True, check=True).stdout == (
        "a b|$HOME;'||"
    )
