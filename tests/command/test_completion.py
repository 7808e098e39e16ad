"""What a shell is offered at each place of a command line."""

from pathlib import Path

import pytest

from deploys.command.completion import fitting, script
from tests.installed import ensure
from tests.terminal import record

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
        (["renew", "prod", "--s"], ["--site"]),
        (["report", "prod", "--s"], ["--since", "--site"]),
        (["report", "prod", "--o"], []),
        (["status", "prod", "--d"], ["--data"]),
        (["site", "prod", "--d"], ["--data", "--diff", "--dry"]),
        (["completion", "f"], ["fish"]),
        (["nonsense", ""], []),
    ],
)
def test_what_fits(words: list[str], expected: list[str]) -> None:
    assert fitting(words, INVENTORIES) == expected


PROMPT = "READY> "
START = {
    "bash": (("bash", "--noprofile", "--rcfile", ".bashrc", "-i"), ".bashrc", f"PS1='{PROMPT}'"),
    "zsh": (("zsh", "-i"), ".zshrc", f"autoload -U compinit; compinit -D; PS1='{PROMPT}'"),
    "fish": (("fish", "-i"), ".config/fish/config.fish", f"function fish_prompt; echo -n '{PROMPT}'; end"),
}
"""By shell: the command, its file of settings, and what stands there before the script."""


@pytest.mark.lab  # which may install the shells
@pytest.mark.parametrize("shell", START)
def test_a_shell_completes(shell: str, tmp_path: Path) -> None:
    ensure(shell)
    command, name, settings = START[shell]
    rc = tmp_path / name
    rc.parent.mkdir(parents=True, exist_ok=True)
    rc.write_text(f"{settings}\n{script(shell)}")
    recording = record(
        ["timeout", "--foreground", "300", *command],
        cwd=tmp_path,
        environment={
            "HOME": str(tmp_path),
            "ZDOTDIR": str(tmp_path),
            "XDG_CONFIG_HOME": f"{tmp_path}/.config",
        },
        meanwhile={PROMPT: f"{ROOT}/gatehouse rep\t", "report": "\x15exit\r"},
    )
    assert recording.code == 0, f"expected {shell} to offer report, and to end:\n" + "\n".join(
        recording.lines
    )
