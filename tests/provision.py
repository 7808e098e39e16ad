"""Running pyinfra as a user does, on servers of the lab, with settings of a test's own."""

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.lab.clients import Client
from tests.ready import Ready

ROOT = Path(__file__).parent.parent
PYINFRA = Path(sys.executable).with_name("pyinfra")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Run:
    """One run of pyinfra: its exit code, and what the user read."""

    code: int
    output: str

    @property
    def operations(self) -> list[str]:
        """The operations that ran, by name."""
        return re.findall(r"^--> Starting operation: (.*?) *$", self.output, re.MULTILINE)

    @property
    def changed(self) -> list[str]:
        """The operations that changed something on some host."""
        steps = re.split(r"^--> Starting operation: ", self.output, flags=re.MULTILINE)[1:]
        return [step.splitlines()[0].strip() for step in steps if re.search(r"^ +\[.*\] Success", step, re.M)]

    def check(self) -> "Run":
        """Stop the test with what the user read, unless the run went well."""
        assert self.code == 0, f"pyinfra ended with {self.code}:\n{self.output}"
        return self


def pyinfra(
    hosts: Mapping[str, Mapping[str, Any]],
    *flags: str,
    deploy: str = "deploys/site.py",
    yes: bool = True,
    client: Client | None = None,
) -> Run:
    """Run a deploy on hosts, each with its connection and settings as one mapping of host data.

    Where this machine does it, most of the modules are imported already: see `Ready`.

    Args:
        hosts: the host data, by name.
        flags: pyinfra's own.
        deploy: the entry file.
        yes: whether to say yes to the plan.
        client: the machine to run it on, with a network of its own; this one unless given.

    """
    if client:
        with begun(hosts, *flags, deploy=deploy, yes=yes, client=client) as run:
            return run.ended()
    with _ordered(hosts, flags, deploy=deploy, yes=yes) as words:
        done = _ready().run(words, folder=ROOT, environment=_environment(), together=True)
    return Run(done.returncode, COLOUR.sub("", done.stdout))


_IN_THREAD = threading.local()
_IMPORTED = (
    *("pyinfra_cli.main", "pyinfra.connectors.ssh", "deploys.load", "deploys.ending", "deploys.looks"),
    *(f"deploys.{part}.deploy" for part in ("apps", "base", "certificates", "proxies", "watch")),
)


def _ready() -> Ready:
    """Give a thread its own, so that several run at once."""
    if not hasattr(_IN_THREAD, "ready"):
        _IN_THREAD.ready = Ready(Path(sys.executable), PYINFRA, ROOT, _IMPORTED)
    found: Ready = _IN_THREAD.ready
    return found


@dataclass(frozen=True)
class Begun:
    """A run of pyinfra that is still at work."""

    process: subprocess.Popen[bytes]
    output: Path

    def ended(self, within: float | None = None) -> Run:
        """Wait for its end, so many seconds at most."""
        code = self.process.wait(within)
        return Run(code, COLOUR.sub("", self.output.read_text()))


@contextmanager
def begun(
    hosts: Mapping[str, Mapping[str, Any]],
    *flags: str,
    deploy: str = "deploys/site.py",
    yes: bool = True,
    client: Client | None = None,
) -> Iterator[Begun]:
    """Run a deploy beside the test, as the program `pyinfra`; what is still at work at the end is killed."""
    with (
        tempfile.NamedTemporaryFile() as output,
        _ordered(hosts, flags, deploy=deploy, yes=yes) as words,
    ):
        command = [str(PYINFRA), *words]
        process = subprocess.Popen(
            client.command(*command) if client else command,
            cwd=ROOT,
            env=_environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Begun(process, Path(output.name))
        finally:
            process.kill()
            process.wait()


@contextmanager
def _ordered(
    hosts: Mapping[str, Mapping[str, Any]], flags: Sequence[str], *, deploy: str, yes: bool
) -> Iterator[list[str]]:
    """Write the inventory, and give pyinfra's words."""
    with tempfile.TemporaryDirectory() as folder:
        inventory = Path(folder) / "scratch.py"
        inventory.write_text(f"hosts = {[(name, dict(data)) for name, data in hosts.items()]!r}\n")
        yield [*(["-y"] if yes else []), *flags, str(inventory), deploy]


def _environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
