"""The stranger's source, made anew for each act: the same app with other attempts."""

import json
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.strangers.attempt import Act, Attempt
from tests.strangers.table.steering import GIT, PROGRAMS

HOSTILE = Path(__file__).with_name("hostile")
TRYING = (HOSTILE / "stranger" / "trying.py").read_text()
TOOLS = "".join(file.read_text() for file in sorted((HOSTILE / "stranger" / "tools").glob("[a-z]*.py")))
"""What attempts are made of, as one program."""


@dataclass(frozen=True)
class Source:
    """A directory on the controller that the settings name as the stranger's source."""

    folder: Path
    canaries: Path
    """Where a program that runs on the controller leaves its mark."""

    def innocent(self, **words: Any) -> None:
        """Make it an app that tries nothing."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(HOSTILE, self.folder, ignore=shutil.ignore_patterns("__pycache__"))
        self.folder.joinpath("stranger", "table.json").write_text(json.dumps(words))

    def hostile(self, act: Act, rows: Iterable[Attempt], facts: Mapping[str, object], **words: Any) -> None:
        """Have it try the rows of an act, each at its moment; what is released is made by the build."""
        table: dict[str, Any] = {"act": act, "scripts": PROGRAMS if act == "spy" else (), **words}
        for row in rows:
            if row.does and row.act == act:
                moment = "build" if row.moment == "release" else row.moment
                table.setdefault(moment, []).append(row.row(facts))
        self.innocent(**table)

    def repository(self) -> None:
        """Make it a repository whose own settings name programs to run, with another one in it."""
        self._settings_that_run(self.folder, "")
        nested = self.folder / "nested"
        nested.mkdir()
        self._settings_that_run(nested, "nested")

    def _settings_that_run(self, folder: Path, name: str) -> None:
        git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@x"]
        (folder / ".gitattributes").write_text("*.txt filter=stranger\n")
        (folder / "words.txt").write_text("first")
        for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "x"]):
            subprocess.run([*git, *command], check=True)
        (folder / "words.txt").write_text("changed")
        hooks = self.canaries / "hooks"
        hooks.mkdir(parents=True, exist_ok=True)
        for setting, (key, value) in ((key, (key, value)) for key, value in GIT.values()):
            program = self._canary(name or setting)
            for hook in ("post-index-change", "post-checkout", "reference-transaction", "pre-auto-gc"):
                shutil.copy(program, hooks / hook)
            filled = value.format(canary=program, hooks=hooks)
            subprocess.run([*git, "config", key, filled], check=True)

    def _canary(self, name: str) -> Path:
        program = self.canaries / f"run-{name}"
        program.write_text(f"#!/bin/sh\necho ran >> {self.canaries / name}\n")
        program.chmod(0o755)
        return program
