"""Directories and git repositories to read sources from."""

import os
import subprocess
from pathlib import Path


def tree(root: Path, **files: str) -> Path:
    """Write files, in whose names `__` stands for a slash, and `_DOT_` for a dot."""
    for name, content in files.items():
        path = root / name.replace("__", "/").replace("_DOT_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def git(root: Path, *arguments: str, stdin: str = "") -> str:
    """Run git in a directory, as somebody, and give what it says."""
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    done = subprocess.run(
        ["git", "-C", str(root), *arguments],
        check=True,
        capture_output=True,
        text=True,
        input=stdin,
        env=os.environ | identity | {"GIT_COMMITTER_EMAIL": "a@b"},
    )
    return done.stdout.strip()
