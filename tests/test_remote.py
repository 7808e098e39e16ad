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

from deploys import remote
from deploys.base.onhost import files


def run(argument: object, before: str = "", module: ModuleType = files) -> subprocess.CompletedProcess[str]:
    command = remote.run(module, argument)
    text = command.get_raw_value().replace("python3", sys.executable, 1)
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


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            "['sh', '-c', 'echo no bus >&2; exit 3'], check=True, capture_output=True",
            "sh ended with 3: no bus",
        ),
        ("['sh', '-c', 'printf no; exit 3'], check=True, stdout=-1, text=True", "sh ended with 3: no"),
        ("['false'], check=True", "false ended with 1"),
        ("['sleep', '9'], timeout=0.01", "Command '['sleep', '9']' timed out after 0.0"),
    ],
)
def test_a_program_that_fails_is_told_in_its_own_words(tmp_path: Path, call: str, told: str) -> None:
    path = tmp_path / "failing.py"
    path.write_text(f"import subprocess\n\ndef main(argument):\n    subprocess.run({call})\n")
    spec = importlib.util.spec_from_file_location("failing", path)
    assert spec
    answer = run(None, module=importlib.util.module_from_spec(spec))
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert answer.stderr.startswith(told)


def test_a_strict_umask_of_the_session_is_not_handed_down(tmp_path: Path) -> None:
    """Or no app could read what lies below /opt/gatehouse, nor nginx which slot is live."""
    file = tmp_path / "opt" / "file"
    user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
    wanted = {"path": str(file), "content": "", "mode": 0o600, "owner": user, "group": group}
    answer = run({"write": [wanted]}, before="umask 077\n")
    assert answer.returncode == 0, answer.stderr
    assert (file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o755, 0o600)


def test_programs_speak_english_whatever_the_session_speaks(tmp_path: Path) -> None:
    path = tmp_path / "speaking.py"
    call = "subprocess.run(['env'], capture_output=True, text=True).stdout"
    path.write_text(f"import subprocess\n\ndef main(argument):\n    return {call}\n")
    spec = importlib.util.spec_from_file_location("speaking", path)
    assert spec
    session = "export LANG=de_DE.UTF-8 LC_ALL=de_DE.UTF-8 LANGUAGE=de\n"
    answer = run(None, before=session, module=importlib.util.module_from_spec(spec))
    assert {"LC_ALL=C.UTF-8", "LANGUAGE="} < set(json.loads(answer.stdout).splitlines())
