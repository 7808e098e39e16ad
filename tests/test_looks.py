"""A host is looked at once for all, and again once it may have changed."""

import importlib.util
import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from deploys import remote
from deploys.base.onhost import files
from tests.provision import COLOUR, PYINFRA, ROOT

Outcome = tuple[list[list[str]], list[list[object] | None] | None]


def told(path: Path, *flags: str, **data: object) -> list[str]:
    """Run the deploy on this machine, press enter where that is asked for, and list what it told."""
    inventory = path.parent / "scratch.py"
    inventory.write_text(f"hosts = [('@local', {{'path': {str(path)!r}, **{data!r}}})]\n")
    run = subprocess.run(
        [str(PYINFRA), *flags, str(inventory), "tests/looking.py"],
        cwd=ROOT,
        input="\n",
        capture_output=True,
        text=True,
        check=False,
    )
    output = COLOUR.sub("", run.stdout + run.stderr)
    assert run.returncode == 0, output
    return re.findall(r"((?:plan|run): \w+ after \d+)", output)


def test_a_run_that_changes_nothing_looks_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert told(tmp_path / "file", "-y") == ["run: there after 1"] * 3 + ["run: known after 1"]


def test_what_was_sent_has_it_look_again_at_what_is_asked_for_and_then_at_the_rest(tmp_path: Path) -> None:
    looked = ["run: missing after 1", "run: missing after 1", "run: there after 3", "run: there after 3"]
    assert told(tmp_path / "file", "-y") == [*looked, "run: together after 4"]


def test_while_a_user_is_asked_the_host_may_change(tmp_path: Path) -> None:
    looked = told(tmp_path / "file")
    assert looked[:4] == [*["plan: missing after 1"] * 3, "plan: known after 1"]
    assert looked[4:] == [*["run: missing after 2"] * 2, *["run: there after 4"] * 2, "run: together after 5"]


def module(folder: Path, name: str, source: str) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    return importlib.util.module_from_spec(spec)


def run(
    scripts: Sequence[str], modules: Sequence[tuple[ModuleType, object]], change: Callable[[str], str] = str
) -> subprocess.CompletedProcess[str]:
    text = remote.look(scripts, modules).get_raw_value().replace("/usr/bin/python3", sys.executable, 1)
    return subprocess.run(["sh", "-c", change(text)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "def main(argument):\n    raise PermissionError(13, 'Permission denied', '/etc/x')\n",
            "[Errno 13] ",
        ),
        ("import sys\ndef main(argument):\n    sys.exit('not like this')\n", "not like this\n"),
        ("def main(argument):\n    return 1 / 0\n", "ZeroDivisionError: "),
        ("print 'an older Python'\n", "SyntaxError: "),
    ],
    ids=["denied", "refused", "broken", "not understood"],
)
def test_one_that_fails_holds_up_no_other(tmp_path: Path, source: str, words: str) -> None:
    failing = module(tmp_path, "failing", source)
    done = run(["echo 'a b'; exit 3", "true"], [(failing, None), (files, {"look": ["/nowhere"]})])
    said, found = remote.seen(done.stdout.splitlines())
    assert (done.returncode, said) == (0, [["a b"], []]), done.stderr
    assert found == [None, [{"files": {"/nowhere": None}, "unread": False}]]
    alone = run([], [(failing, None)])
    assert alone.returncode != 0
    assert words in alone.stderr


def test_scripts_need_no_python(tmp_path: Path) -> None:
    done = run(["echo a; echo b"], [(files, {})], lambda text: text.replace("pydoc3", "no-such-program"))
    assert remote.seen(done.stdout.splitlines()) == ([["a", "b"]], None)


def test_a_server_with_many_apps_is_asked_in_one_command() -> None:
    """Of which Linux takes 128 kB and no more (MAX_ARG_STRLEN of execve(2))."""
    many = {"look": [f"/etc/systemd/system/gatehouse-shop-{number}.service" for number in range(2000)]}
    assert len(json.dumps(many)) > 80_000
    assert len(remote.look([], [(files, many)]).get_raw_value()) < 64_000
