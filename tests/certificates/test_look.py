"""What is found of certbot from PyPI, before and after the distribution's Python changes."""

from pathlib import Path

import pytest

from deploys.certificates.onhost import look

REQUIREMENTS = ["certbot-dns-x==1.0", "certbot==5.8.0"]


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment as `python3.11 -m venv` of the distribution makes it."""
    (tmp_path / "usr").mkdir()
    (tmp_path / "usr" / "python3.11").touch()
    (tmp_path / "usr" / "python3").symlink_to("python3.11")
    found = tmp_path / "certbot"
    (found / "bin").mkdir(parents=True)
    (found / "bin" / "python3").symlink_to(tmp_path / "usr" / "python3")
    (found / "lib" / "python3.11" / "site-packages" / "certbot").mkdir(parents=True)
    (found / "gatehouse.txt").write_text("".join(f"{one}\n" for one in reversed(REQUIREMENTS)))
    return found


def pinned(environment: Path) -> object:
    argument = {
        "lineages": {},
        "certificates": str(environment / "none"),
        "letsencrypt": str(environment / "none"),
        "webroot": str(environment / "none"),
        "told": str(environment / "none"),
        "accounts": str(environment / "none"),
        "pinned": str(environment / "gatehouse.txt"),
        "timers": [],
    }
    return look.main(argument)["pinned"]


def test_what_was_installed_is_there(environment: Path) -> None:
    assert pinned(environment) == REQUIREMENTS


def test_another_python_sees_nothing_of_it(environment: Path) -> None:
    python = environment.parent / "usr" / "python3"
    python.unlink()
    (environment.parent / "usr" / "python3.13").touch()
    python.symlink_to("python3.13")
    assert pinned(environment) == []


@pytest.mark.parametrize("missing", ["gatehouse.txt", "bin/python3"])
def test_what_is_not_whole_is_not_there(environment: Path, missing: str) -> None:
    (environment / missing).unlink()
    assert pinned(environment) == []


def test_nothing_is_there_yet(tmp_path: Path) -> None:
    assert pinned(tmp_path) == []
