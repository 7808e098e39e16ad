"""Programs that outlive the command that starts them."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.lab.cgroups import Group

# The process puts itself into the group before it becomes the program: no child can be born outside.
JOIN = 'echo 0 >"$0/cgroup.procs" && exec "$@"'


def within(group: Group, command: Sequence[str | Path]) -> list[str]:
    """The command line that runs a command inside the group."""
    return ["sh", "-c", JOIN, str(group.path), *(str(part) for part in command)]


def start(
    group: Group, command: Sequence[str | Path], *, log: Path, env: Mapping[str, str] | None = None
) -> None:
    """Start it and return; the group is populated from then until the program ends."""
    group.make()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        subprocess.run(
            within(group, ["setsid", "--fork", *command]),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=env,
            cwd="/",
            check=True,
        )


def last_line(log: Path) -> str:
    """What a program said last; the reason, when it ended at once."""
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except FileNotFoundError:
        lines = []
    return lines[-1].strip() if lines else "it said nothing"
