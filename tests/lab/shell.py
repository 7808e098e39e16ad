"""Running programs, with their own words as the error."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.errors import LabError

# As apt and mmdebstrap do it, and nft.
ERROR = re.compile(r"^E:|\bError:")


def run(
    command: Sequence[str | Path],
    *,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> str:
    """Standard output of a command that must succeed."""
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True, env=env, cwd=cwd, check=False
        )
    except FileNotFoundError as error:
        msg = f"{command[0]} is not installed: python -m tests.lab setup"
        raise LabError(msg) from error
    if done.returncode != 0:
        raise LabError(failure(command, done.returncode, done.stderr or done.stdout))
    return done.stdout


def succeeds(command: Sequence[str | Path]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def failure(command: Sequence[str | Path], code: int, output: str) -> str:
    """One line: the first that the program marks as an error, else its last."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    marked = [line for line in lines if ERROR.search(line)]
    words = (marked or lines or [f"exit code {code}"])[0 if marked else -1]
    return f"{' '.join(str(part) for part in command[:3])}: {words}"
