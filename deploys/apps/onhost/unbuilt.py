"""On the host: what to do about a build that failed for no want of the server's, by what it wrote. Pure."""

import re

_NO_PACKAGE = (
    "the project cannot be made a package: where it is an app alone, take [build-system] out of"
    " pyproject.toml, or with Poetry write package-mode = false"
)
_NO_LOGIN = (
    "a build has no login for a private repository: bring it by the app's sources, and name that directory"
    " where the address is"
)
_REMEDIES = (
    (
        r"No file/folder found for package |Unable to determine which files to ship inside the wheel",
        _NO_PACKAGE,
    ),
    (r"Multiple top-level packages discovered in a flat-layout", _NO_PACKAGE),
    (r"Host key verification failed|Permission denied \(publickey|could not read (?:User|Pass)", _NO_LOGIN),
    (
        r"Required uv version `[^`]{1,40}` does not match the running version",
        "releases are built by gatehouse's own uv: take required-version out of pyproject.toml or uv.toml",
    ),
    (
        r"`?--index-strategy(?: |=)unsafe-best-match`?",
        "uv takes a package from the first index that has it: write index-strategy ="
        ' "unsafe-best-match" in a uv.toml beside it, to have the best of all of them as pip does',
    ),
    (
        r"\bpkg-resources was not found in the package registry",
        "take the line of pkg-resources out: no index has it, pip of some systems lists it by mistake",
    ),
    (
        r"on the following platforms?: (?:`(?:win|macosx)\w{0,40}`(?:, and |, | and )?){1,20}$",
        "that package is for another system: write ; sys_platform == 'win32', or 'darwin', behind it",
    ),
    (
        r"there is no version of [\w.-]{1,80}==[\w.]{1,40}\+(?:cpu|cu\d|rocm)",
        "that version is in an index of PyTorch's own: name it among the app's indexes, as extra",
    ),
)

_OF_AN_OLDER_PYTHON = re.compile(
    r"No module named 'distutils'|'pkgutil' has no attribute 'ImpImporter'|\blongintrepr\.h: No such file"
    r"|newer than PyO3's maximum supported version|Cannot install on Python version 3\.[\d.]{1,9}; only"
    r"|\bPyThreadState\b.{1,40} has no member named|has no attribute 'cython_sources'"
)
"""What packages end with that are built with a Python, or tools of its time, that is newer than they are."""
_BUILT = re.compile(r"Failed to (?:download and )?build `([A-Za-z0-9][\w.-]{0,80}==[\w.+!]{1,40})`", re.ASCII)


def of_python(lines: "list[str]") -> str:
    """Say what to do about a package that is older than the Python it is built with; else nothing."""
    if not any(map(_OF_AN_OLDER_PYTHON.search, lines)):
        return ""
    what = _built(lines) or "a package"
    return (
        f"{what} is older than this Python, and has no wheel for it: ask for a newer version of it,"
        " or for an older Python by the app's key python"
    )


def or_a_wheel(lines: "list[str]") -> str:
    """Say what to do besides, where what is built is a package that has no wheel; else nothing."""
    what = _built(lines)
    return f", or ask for a version in place of {what} that has a wheel for this Python" if what else ""


def _built(lines: "list[str]") -> str:
    found = next(filter(None, map(_BUILT.search, lines)), None)
    return found[1] if found else ""


def remedy(lines: "list[str]") -> str:
    """Say what to do; nothing where it is another matter.

    Args:
        lines: what the build wrote.

    """
    for line in reversed(lines):
        for pattern, what in _REMEDIES:
            if re.search(pattern, line):
                return what
    return ""
