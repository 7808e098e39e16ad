"""A clone of its own for tests that need other inventories and group data than the repository's."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.ready import Ready

ROOT = Path(__file__).parent.parent.parent
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code, and what the user read."""

    code: int
    output: str
    """Of standard output alone."""
    errors: str

    @property
    def read(self) -> str:
        """All of it."""
        return self.output + self.errors

    @property
    def lines(self) -> list[str]:
        return self.read.splitlines()


@dataclass(frozen=True)
class Clone:
    """A folder with all that a user's clone has."""

    root: Path
    ready: Ready | None = None
    """What runs commands, where not each has to be a process from its start."""

    @classmethod
    def at(cls, root: Path) -> "Clone":
        """Make one, with the environment that the tests run in."""
        for name in ("deploys", "templates"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "gatehouse", root)
        for name in ("inventories", "group_data"):
            (root / name).mkdir()
        (root / ".venv").symlink_to(sys.prefix)
        return cls(root)

    def write(self, files: Mapping[str, str]) -> None:
        """Write files, by their paths in the clone."""
        for path, content in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(content)

    def run(
        self,
        *words: str,
        typed: str = "",
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Ended:
        """Run `gatehouse` without a terminal, as a user does.

        Args:
            words: the command line.
            typed: what stands on standard input.
            folder: where the user is; the clone unless given.
            environment: variables besides those of the tests.

        """
        folder, variables = folder or self.root, os.environ | dict(environment or {})
        if self.ready:
            done = self.ready.run(words, typed=typed, folder=folder, environment=variables)
        else:
            done = subprocess.run(
                [str(self.root / "gatehouse"), *words],
                cwd=folder,
                input=typed,
                capture_output=True,
                text=True,
                env=variables,
                check=False,
            )
        return Ended(done.returncode, COLOUR.sub("", done.stdout), COLOUR.sub("", done.stderr))
