"""On the host: other programs, each by its absolute path and in an environment of ours."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import IO, NoReturn

from deploys.onhost import words

ENVIRONMENT = {
    "HOME": "/root",
    "LANGUAGE": "",
    "LC_ALL": "C.UTF-8",
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin",
}
"""All that a program gets unless more is said: nothing of what a login or a unit's settings carry."""

SYSTEMCTL = "/usr/bin/systemctl"

Command = Sequence[str]
Commands = Sequence[Command]
Done = subprocess.CompletedProcess


def attempt(
    *command: str,
    stdin: "str | bytes" = b"",
    environment: "Mapping[str, str] | None" = None,
    timeout: "float | None" = None,
) -> "Done[str]":
    """Run a program, and keep how it ended and what it said; one that is not there ends with 127.

    Args:
        command: the program's absolute path, and its arguments.
        stdin: what it reads.
        environment: what it gets besides `ENVIRONMENT`.
        timeout: seconds after which it is killed.

    Raises:
        TimeoutError: it was.

    """
    try:
        done = subprocess.run(
            _absolute(command),
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            env={**ENVIRONMENT, **(environment or {})},
            timeout=timeout,
            check=False,
        )
    except FileNotFoundError:
        return Done(command, 127, "", "there is no such program")
    except subprocess.TimeoutExpired:
        raise TimeoutError(f"{command[0]} did not end within {timeout:g} s") from None
    stdout, stderr = (said.decode(errors="backslashreplace") for said in (done.stdout, done.stderr))
    return Done(command, done.returncode, stdout, stderr)


def output(
    *command: str,
    stdin: "str | bytes" = b"",
    environment: "Mapping[str, str] | None" = None,
    timeout: "float | None" = None,
    what: str = "",
) -> str:
    """Run a program that must succeed, and give what it wrote.

    Args:
        command: as for `attempt`.
        stdin: as for `attempt`.
        environment: as for `attempt`.
        timeout: as for `attempt`.
        what: what cannot be done where it fails, told before its own words.

    Raises:
        SystemExit: it failed; its own last words say why.

    """
    done = attempt(*command, stdin=stdin, environment=environment, timeout=timeout)
    if done.returncode:
        sys.exit(refusal(done, what))
    return done.stdout


def awaited(
    *command: str, is_awaited: "Callable[[], bool]", said: "IO[bytes] | int" = subprocess.DEVNULL
) -> "int | None":
    """Run a program to its end, and give its exit code; None where it was killed, as nobody waits for it."""
    process = subprocess.Popen(
        _absolute(command), stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=ENVIRONMENT
    )
    while True:
        try:
            return process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            if not is_awaited():
                process.kill()
                process.wait()
                return None


def attached(*command: str) -> int:
    """Run a program at the terminal or the pipes that we have ourselves, and give its exit code."""
    return subprocess.run(_absolute(command), env=ENVIRONMENT, check=False).returncode


def lines(*command: str) -> "Iterator[str]":
    """Run a program, and give each line as soon as it has written it."""
    with subprocess.Popen(
        _absolute(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True
    ) as process:
        yield from process.stdout or ()


def become(*command: str) -> "NoReturn":
    """Go on as another program, in the environment that root has given the unit of this one."""
    os.execv(_absolute(command)[0], command)  # noqa: S606  # no shell is wanted


def outside(*command: str, seconds: "int | None" = None, keep: "Sequence[str]" = ()) -> "tuple[str, ...]":
    """Make the command line that runs a program in a unit of its own, out of the sandbox of whoever calls it.

    Args:
        command: the program's absolute path, and its arguments.
        seconds: how long it may take.
        keep: variables that it gets besides `ENVIRONMENT`, as the caller has them.

    """
    limits = (f"--property=RuntimeMaxSec={seconds}", "--property=TimeoutStopSec=5") if seconds else ()
    return (
        *("/usr/bin/systemd-run", "--quiet", "--collect", "--pipe", "--wait", *limits),
        *(f"--setenv={name}={value}" for name, value in ENVIRONMENT.items()),
        *(f"--setenv={name}" for name in keep),
        # systemd would put the values of variables there.
        *(word.replace("$", "$$") for word in _absolute(command)),
    )


def _absolute(command: Sequence[str]) -> Sequence[str]:
    if not command[0].startswith("/"):
        sys.exit(f"{command[0]!r}: not run, as that is no absolute path")
    return command


def refusal(done: "Done[str]", what: str = "") -> str:
    """Say that a program has failed, in its own last words, quoted."""
    return words.said(what or f"{done.args[0]} ended with {done.returncode}", done.stderr or done.stdout)


def systemctl(*arguments: str) -> str:
    """Have systemd do something, or tell something, or end with why it does not."""
    return output(SYSTEMCTL, "--quiet", *arguments, what=f"systemctl {' '.join(arguments)}")


def properties(unit: str, *names: str) -> "dict[str, str]":
    """Ask systemd for properties of a unit; it knows some of one that is not there, too."""
    return properties_of([unit], *names)[unit]


def properties_of(units: Sequence[str], *names: str) -> "dict[str, dict[str, str]]":
    """Ask systemd for properties of several units at once."""
    if not units:
        return {}
    shown = attempt(SYSTEMCTL, "show", f"--property={','.join(names)}", "--", *units).stdout
    blocks = shown.strip("\n").split("\n\n")
    return {
        unit: dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        # Where systemd does not answer, it says nothing of any.
        for unit, block in zip_longest(units, blocks, fillvalue="")
    }
