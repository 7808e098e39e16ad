"""Which inventory a word means. Pure but for the looks at the disk."""

from pathlib import Path

from deploys.command.usage import Wrong, meant

ROOT = Path(__file__).resolve().parent.parent.parent
"""The clone."""
FOLDER = ROOT / "inventories"


def from_clone(path: Path, clone: Path = ROOT) -> str:
    """Write a path as the user knows it: from the clone, where it leads into that."""
    return str(path.relative_to(clone) if path.is_relative_to(clone) else path)


def names() -> list[str]:
    """List the inventories of the clone, as they are named on the command line."""
    return sorted(path.stem for path in FOLDER.glob("*.py"))


def find(word: str, folder: Path) -> Path:
    """Find the inventory that is meant.

    Args:
        word: its name, or a path.
        folder: where the user is, from which paths are.

    Raises:
        Wrong: there is none, or it is something else.

    """
    candidates = [FOLDER / f"{word}.py", folder / word, ROOT / word]
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        where = "inventory" if "/" not in word else "file"
        raise Wrong(f"there is no {where} {word!r} in {FOLDER.name}/; {meant(Path(word).stem, names())}")
    if found.resolve().is_relative_to(ROOT / "deploys"):
        raise Wrong(f"{word} is a deploy; name an inventory instead, {meant(found.stem, names())}")
    if found.suffix != ".py":
        raise Wrong(f"{word}: an inventory is a Python file, whose name ends in .py")
    return found.resolve()
