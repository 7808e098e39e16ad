"""What to do about a build that failed, by what it wrote."""

import pytest

from deploys.apps.onhost.ending import Ending, told
from deploys.apps.onhost.unbuilt import remedy

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
