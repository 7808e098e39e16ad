"""Recipes beside each other on one server: what is an example in them is changed, and nothing else."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.recipes.page import settings
from tests.recipes.skeletons import SKELETONS, Skeleton


@dataclass(frozen=True)
class Stand:
    """A recipe with its skeleton, under a name of its own."""

    recipe: str
    name: str
    folder: Path
    server: str

    @property
    def skeleton(self) -> Skeleton:
        return SKELETONS[self.recipe]

    @property
    def settings(self) -> dict[str, Any]:
        """The recipe's own, with apps, names, sources and files of secrets that are there."""
        found: dict[str, Any] = self._stood(settings(self.recipe), {})
        apps = found["apps"]
        return {**found, "apps": {f"{self.name}-{app}": each for app, each in apps.items()}}

    def elsewhere(self, url: str) -> str:
        """Give the name that stands for one of the page's examples."""
        return re.sub(r"example\.(com|net)", rf"{self.name}-\1.{self.server}.test", url)

    def write(self, word: str) -> None:
        """Write the sources as they say a word, and commit them; the first commit has the recipe's tag."""
        (self.folder / "secret").write_text("secret")
        for source, files in self.skeleton.sources.items():
            folder = self.folder / source
            for name, content in files.items():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_text(content.replace("WORD", word))
            if not (folder / ".git").exists():
                self._git(source, "init", "-q", "-b", "main")
            self._git(source, "add", ".")
            self._git(source, "commit", "-qm", word)
            if not self._git(source, "tag").strip():
                self._git(source, "tag", "v1.4")

    def _git(self, source: str, *arguments: str) -> str:
        who = ("-c", "user.name=a", "-c", "user.email=a@b.test")
        command = ["git", "-C", str(self.folder / source), *who, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _stood(self, value: Any, apps: dict[str, Any]) -> Any:
        match value:
            case {"apps": dict() as named}:
                return {key: self._stood(each, named) for key, each in value.items()}
            case {"file": _}:
                return {"file": str(self.folder / "secret")}
            case dict():
                return {
                    self.elsewhere(key): f"{self.name}-{each}"
                    if key in {"app", "release_of"}
                    else self._stood(each, apps)
                    for key, each in value.items()
                }
            case list():
                return [f"{self.name}-{each}" if each in apps else self._stood(each, apps) for each in value]
            case str():
                return self._path(value) or self.elsewhere(value)
        return value

    def _path(self, value: str) -> str | None:
        found = re.fullmatch(r"(?:\.\./|https://git\.example\.com/)([\w.-]+)", value)
        return str(self.folder / found[1]) if found else None


def beside(recipes: tuple[str, ...], folder: Path, server: str) -> Iterator[Stand]:
    """Give each recipe a name and a folder of its own."""
    for number, recipe in enumerate(recipes):
        name = f"r{number}-{re.split(r'[^a-z]+', recipe.lower())[0]}"
        (folder / name).mkdir()
        yield Stand(recipe, name, folder / name, server)
