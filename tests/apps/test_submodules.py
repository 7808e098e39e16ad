"""What a commit brings along from other repositories."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploys.apps import checkout, remote_git
from deploys.config.sources import GitSource
from tests.apps.repositories import git
from tests.apps.test_hostile_files import cache, put, repository, used
from tests.listening import listening

__all__ = ["cache"]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """Serve the repositories there, as submodules are taken from no folder."""
    (tmp_path / "served").mkdir()
    git_daemon = ("git", "daemon", "--export-all", "--reuseaddr", "--listen=127.0.0.1")
    where = f"--base-path={tmp_path / 'served'}"
    with listening(lambda port: (*git_daemon, f"--port={port}", where)) as port:
        yield f"git://127.0.0.1:{port}"


def with_submodule(top: Path, url: str, commit: str, files: dict[str, str] | None = None) -> str:
    """Make a repository with another as its submodule `sub`; give its commit."""
    put(top, {**(files or {}), ".gitmodules": f'[submodule "a.b c"]\n\tpath = sub\n\turl = {url}\n'})
    git(top.parent, "init", "--quiet", "--initial-branch=main", str(top))
    git(top, "add", ".")
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")
    git(top, "commit", "-qm", "x")
    return git(top, "rev-parse", "HEAD")


@pytest.mark.parametrize("width", [2, 10])
def test_a_submodule_of_a_submodule_counts(tmp_path: Path, cache: Path, served: str, width: int) -> None:
    repository(tmp_path / "served/bomb", levels=11 if width == 10 else 2, width=width, content="x")
    bomb = git(tmp_path / "served/bomb", "rev-parse", "main")
    middle = with_submodule(tmp_path / "served/middle", "../bomb", bomb, {"middle.txt": ""})
    with_submodule(tmp_path / "served/top", f"{served}/middle", middle, {"main.py": ""})
    source = GitSource(git=f"{served}/top", ref="main")
    if width == 10:
        assert f"{bomb[:12]} is too much: a source may have {remote_git.MOST_FILES:,} files" in used(source)
        assert not list(cache.rglob("d0"))
        return
    found = checkout.check_out(source, "key").files
    names = {str(path.relative_to(found)) for path in found.rglob("*") if path.is_file()}
    of_bomb = {f"sub/sub/d{one}/d{other}" for one in range(2) for other in range(2)}
    assert names == {".gitmodules", "main.py", "sub/.gitmodules", "sub/middle.txt", *of_bomb}
