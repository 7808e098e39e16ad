"""What is said of a source that is not there, or is something else than the settings say."""

import re
from pathlib import Path

from deploys.given import beside
from deploys.onhost.words import shown as cut
from deploys.refusal import Refusal

_REPOSITORY = re.compile(r"(?:https?|ssh|git)://.+|[\w.-]+@[\w.-]+:.+")
_LONGEST = 200
"""Characters of a path that are shown."""
_LOGIN = re.compile(r"//[^/@]*@")


def no_directory(written: str, key: str) -> Refusal:
    """Refuse a source that is no directory."""
    path, shown = Path(written), repr(cut(_LOGIN.sub("//***@", written), _LONGEST))
    if path.suffix == ".whl":
        remedy = f'did you mean {{"wheel": {shown}}}?'
    elif path.is_file():
        remedy = f"this is a file; write the directory that it is in, {str(path.parent)!r}"
    elif _REPOSITORY.fullmatch(written):
        remedy = f'did you mean {{"git": {shown}}}?'
    else:
        near = beside(path, lambda each: each.is_dir())
        remedy = f"{near}write the path of a directory, this one is not there"
    return Refusal(f"{key}: {shown}: {remedy}")


def no_wheel(written: str, key: str) -> Refusal:
    """Refuse a wheel that is not there, or is none."""
    path = Path(written)
    if path.is_dir():
        remedy = "this is a directory; write the path of a wheel in it"
    elif path.is_file():
        remedy = "write the path of a wheel, this is none; `uv build --wheel` makes one"
    else:
        near = beside(path, lambda each: each.suffix == ".whl")
        remedy = f"{near}write the path of a wheel, this one is not there"
    return Refusal(f"{key}: {written!r}: {remedy}")
