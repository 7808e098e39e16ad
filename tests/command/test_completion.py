"""What a shell is offered at each place of a command line."""

import shutil
import subprocess
from pathlib import Path

import pytest

from deploys.command.completion import fitting, script

ROOT = Path(__file__).parent.parent.parent
INVENTORIES = ["lab", "prod"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["re"], ["renew", "report"]),
        (["rep"], ["report"]),
        (["site", ""], INVENTORIES),
        (["site", "p"], ["prod"]),
        (["maintenance", "prod", ""], ["off", "on"]),
        (["maintenance", "prod", "on", ""], []),
        (["rollback", "prod", "--t"], ["--to"]),
        (["status", "prod", "--d"], ["--data"]),
        (["site", "prod", "--d"], ["--data", "--diff", "--dry"]),
        (["completion", "f"], ["fish"]),
        (["nonsense", ""], []),
    ],
)
def test_what_fits(words: list[str], expected: list[str]) -> None:
    assert fitting(words, INVENTORIES) == expected


def test_bash_completes() -> None:
    ask = 'COMP_WORDS=(./gatehouse rep); COMP_CWORD=1; _gatehouse; echo "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-euc", f"{script('bash')}\n{ask}"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["report"], done.stderr


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_can_read_it(shell: str) -> None:
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script(shell), text=True, check=True)
    else:
        assert "--complete" in script(shell)
