"""A command means the same to whichever shell it is handed, and what that prints itself is left out."""

import io
import subprocess
from typing import TYPE_CHECKING, Any, cast

import pytest

from deploys.login_shell import BEGINS, adapt, command_for_any, refusal
from tests.installed import ensure

if TYPE_CHECKING:
    from paramiko import SSHClient

COMMANDS = {
    "quotes": """printf '%s|' "it's" 'a "b"' '!x' '\\\\' '\\n' 'a\\'""",
    "lines": "cat <<'END'\nfirst\n  \\second!\n\nEND\necho 'two\nlines'",
    "a dollar and a backtick": "A=b; echo $A `echo c` '$A' '`'",
    "octal of its own": r"printf 'a\0134b\101'; printf '%s' '\0041'",
    "globs and braces": "printf '%s|' '*' '{a,b}' '~' '%' '^' '#' '(x)' '[y]'",
    "other alphabets": "printf '%s' 'größer ≥ 日本'",
    "its own status": "echo before; exit 7",
    "standard input": "cat",
}
SHELLS = (
    *("sh", "bash", "dash"),
    *(pytest.param(shell, marks=pytest.mark.lab) for shell in ("zsh", "fish", "mksh", "tcsh")),
)
"""Those that every Debian has, and others, which may have to be installed."""


NEVER = "-- gatehouse never began --"
"""What one could take for our own word on it."""


def ran(*words: str) -> tuple[int, str, str]:
    done = subprocess.run(words, input="read\n", capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("case", COMMANDS)
def test_a_command_means_what_it_means_to_sh(shell: str, case: str) -> None:
    ensure(shell)
    code, stdout, stderr = ran(shell, "-c", command_for_any(COMMANDS[case]))
    begin = f"{BEGINS}\n"
    assert (code, stdout.removeprefix(begin), stderr.removeprefix(begin)) == ran(
        "/bin/sh", "-c", COMMANDS[case]
    )
    assert (stdout.startswith(begin), stderr.startswith(begin)) == (True, True)


def test_nothing_special_to_any_shell_is_left_between_the_quotes() -> None:
    for command in COMMANDS.values():
        words = command_for_any(command).split("' '", 1)[1].removesuffix("'")
        assert not set(words) & set("'!\n")
        assert "\\" not in words.replace("\\0", "")


class Client:
    """An ssh whose server says what it is told to."""

    def __init__(self, stdout: str, stderr: str) -> None:
        self.streams = io.StringIO(stdout), io.StringIO(stderr)

    def exec_command(self, _command: str, **_: Any) -> tuple[Any, ...]:
        return None, *self.streams


def read(stdout: str, stderr: str, *, get_pty: bool = False) -> tuple[list[str], list[str]]:
    client = cast("SSHClient", Client(stdout, stderr))
    adapt(client)
    adapt(client)
    _, own_stdout, own_stderr = client.exec_command("true", get_pty=get_pty)
    return [*own_stdout], [*own_stderr]


@pytest.mark.parametrize(
    ("stdout", "own"),
    [
        (f"{BEGINS}\nsaid\n", ["said\n"]),
        (f"{BEGINS}\n", []),
        (f"hello\n\nmore\n{BEGINS}\nsaid\nhello\n", ["said\n", "hello\n"]),
        (f"no end of line{BEGINS}\nsaid\n", ["said\n"]),
        # What the command itself says is its own, whatever it is.
        (f"{BEGINS}\nsaid\n{BEGINS}\nof {BEGINS}\n", ["said\n", f"{BEGINS}\n", f"of {BEGINS}\n"]),
        (f"{BEGINS}\n{NEVER}\n", [f"{NEVER}\n"]),
    ],
)
def test_what_the_shells_own_files_print_is_left_out(stdout: str, own: list[str]) -> None:
    assert read(stdout, f"warning\n{BEGINS}\n") == (own, [])
    assert refusal("ops") is None


def test_at_a_terminal_both_marks_are_in_one_stream() -> None:
    both = f"hello\r\n{BEGINS}\r\n{BEGINS}\r\nat a terminal\r\n{BEGINS}\r\n"
    assert read(both, "", get_pty=True) == (["at a terminal\r\n", f"{BEGINS}\r\n"], [])
    assert refusal("ops") is None


@pytest.mark.parametrize(
    ("stdout", "stderr", "said"),
    [
        ("", "", "it said nothing"),
        ("This account is currently not available.\n", "", "This account is currently not available."),
        ("", "Word too long.\n", "Word too long."),
    ],
)
def test_a_shell_that_runs_nothing_is_refused(stdout: str, stderr: str, said: str) -> None:
    assert read(stdout, stderr) == ([], []), "expected nothing of it among a command's own words"
    line = f"the login shell of ops runs no command ({said}); give it another: chsh -s /bin/bash ops"
    assert refusal("ops") == line
    read(f"{BEGINS}\n", f"{BEGINS}\n")
    assert refusal("ops") is None
