"""What to do about a build that failed, by what it wrote."""

import pytest

from deploys.apps.onhost.ending import Ending, told
from deploys.apps.onhost.unbuilt import remedy
from tests.apps.conftest import MakeWorkshop

PACKAGE = "the project cannot be made a package"
LOGIN = "a build has no login for a private repository: bring it by the app's sources"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("poetry.core.…: No file/folder found for package my-site", PACKAGE),
        ("ValueError: Unable to determine which files to ship inside the wheel using …", PACKAGE),
        ("error: Multiple top-level packages discovered in a flat-layout: ['a', 'b'].", PACKAGE),
        ("Host key verification failed.", LOGIN),
        ("git@github.com: Permission denied (publickey).", LOGIN),
        ("fatal: could not read Username for 'https://github.com': terminal prompts disabled", LOGIN),
        (
            "error: Required uv version `<0.5` does not match the running version `0.13.8`",
            "releases are built by gatehouse's own uv: take required-version out",
        ),
        (
            "index (e.g., via `--index-strategy unsafe-best-match`)",
            "uv takes a package from the first index that has it",
        ),
        (
            "cause: Because pkg-resources was not found in the package registry and you require …",
            "take the line of pkg-resources out",
        ),
        (
            "hint: Wheels are available for `x` (v306) on the following platforms: `win32`, `win_amd64`",
            "that package is for another system",
        ),
        ("hint: … on the following platforms: `manylinux_2_17_x86_64`, `win32`", ""),
        (
            "cause: Because there is no version of torch==2.1.0+cu121 and you require torch==2.1.0+cu121, …",
            "that version is in an index of PyTorch's own",
        ),
        ("cause: Because there is no version of idna==99.0 and you require idna==99.0, …", ""),
        ("error: No solution found when resolving dependencies", ""),
        ("Permission denied", ""),
    ],
)
def test_what_to_do_is_told(line: str, expected: str) -> None:
    said = remedy([line, "hint: see above"])
    assert said.startswith(expected)
    assert bool(said) == bool(expected)
    how = told("it", Ending("it ended with 1", has_exited=True), line).splitlines()[0]
    assert how == f"it, it ended with 1{said and ': '}{said}:"


OLDER = "is older than this Python, and has no wheel for it: ask for a newer version of it, or for an older"


@pytest.mark.parametrize(
    "line",
    [
        "         ModuleNotFoundError: No module named 'distutils'",
        "AttributeError: module 'pkgutil' has no attribute 'ImpImporter'. Did you mean: 'zipimporter'?",
        "x.c:198:12: fatal error: longintrepr.h: No such file or directory",
        "version (3.13) is newer than PyO3's maximum supported version (3.12)",
        "RuntimeError: Cannot install on Python version 3.13.0; only versions >=3.7,<3.11 are supported.",
        "x.c:9:1: error: 'PyThreadState' {aka 'struct _ts'} has no member named 'root_cframe'",
        "AttributeError: 'build_ext' object has no attribute 'cython_sources'",
    ],
)
def test_a_package_that_is_older_than_the_python(line: str) -> None:
    ended = Ending("it ended with 1", has_exited=True)
    failed = "error: Failed to build `numpy==1.22.4`"
    assert f": numpy==1.22.4 {OLDER}" in told("it", ended, f"{failed}\n{line}\nhint: see above")
    assert f": a package {OLDER}" in told("it", ended, line)
    assert OLDER not in told("it", Ending("it was killed"), line)


def test_a_package_without_a_wheel_may_be_one_with_it() -> None:
    ended = Ending("it ended with 1", has_exited=True)
    want = "error: command 'gcc' failed: No such file or directory"
    other = "or ask for a version in place of gevent==21.1.2 that has a wheel for this Python"
    assert other in told("it", ended, f"error: Failed to download and build `gevent==21.1.2`\n{want}")
    assert "wheel" not in told("it", ended, f"error: Failed to build `shop @ file:///x`\n{want}")


@pytest.mark.lab
@pytest.mark.slow
def test_a_server_s_own_words_are_understood(make_workshop: MakeWorkshop) -> None:
    workshop = make_workshop("unbuilt")
    for command, ended, expected in (
        ("npm ci", 127, "there is no npm: install npm on the server by apt"),
        ("python -m pip install idna", 1, "there is no pip: write uv pip install"),
    ):
        run = workshop.deploy(build=[command])
        assert run.code == 1
        assert f"release 1 cannot be built, it ended with {ended}: {expected}" in run.output
    if workshop.server.name.endswith("-13"):  # Debian 12's Python has distutils still
        (workshop.folder / "requirements.txt").write_text("numpy==1.22.4\n")
        run = workshop.deploy()
        assert f"release 1 cannot be built, it ended with 1: numpy==1.22.4 {OLDER}" in run.output
