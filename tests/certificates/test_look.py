"""What is found of certbot from PyPI, before and after the distribution's Python changes."""

from pathlib import Path

import pytest

from deploys.certificates.onhost import look


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment as `python3.11 -m venv` of the distribution makes it."""
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "python3.11").touch()
    (tmp_path / "usr" / "python3").symlink_to("python3.11")
    found = tmp_path / "certbot-5.8.0-1"
    (found / "bin").mkdir(parents=True)
    (found / "bin" / "python3").symlink_to(tmp_path / "usr" / "python3")
    (found / "lib" / "python3.11" / "site-packages" / "certbot").mkdir(parents=True)
    (found / "gatehouse.txt").touch()
    return found


def pinned(folder: Path) -> object:
    argument = {
        "lineages": {},
        "certificates": str(folder / "none"),
        "letsencrypt": str(folder / "none"),
        "webroot": str(folder / "none"),
        "told": str(folder / "none"),
        "accounts": str(folder / "none"),
        "pinned": str(folder / "certbot-*"),
        "timers": [],
    }
    return look.main(argument)["pinned"]


def test_what_was_installed_is_there(environment: Path) -> None:
    assert pinned(environment.parent) == [str(environment)]


def test_another_python_sees_nothing_of_it(environment: Path) -> None:
    python = environment.parent / "usr" / "python3"
    python.unlink()
    (environment.parent / "usr" / "python3.13").touch()
    python.symlink_to("python3.13")
    assert pinned(environment.parent) == []


@pytest.mark.parametrize("missing", ["gatehouse.txt", "bin/python3"])
def test_what_is_not_whole_is_not_there(environment: Path, missing: str) -> None:
    (environment / missing).unlink()
    assert pinned(environment.parent) == []


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    assert pinned(tmp_path) == []
