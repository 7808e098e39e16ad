"""What a file of requirements says, and the files that it names, line by line. Pure."""

import posixpath
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from deploys.apps.purposes import is_for_use
from deploys.apps.source import LONGEST, Source

_SHORT = {
    "-r": ("--requirement", "--requirements"),
    "-c": ("--constraint", "--constraints"),
    "-e": ("--editable",),
    "-f": ("--find-links",),
    "-i": ("--index-url", "--extra-index-url"),
}
_OPTION = re.compile(
    rf"(?P<option>{'|'.join(word for short, long in _SHORT.items() for word in (short, *reversed(long)))})"
    r"(?:\s+|=)?(?P<value>\S.*)"
)
_COMMENT = re.compile(r"(?:^|\s+)#.*")
_IN_PROJECT = re.compile(r"(?:file:///?)?\$\{PROJECT_ROOT\}/?")
"""How PDM and uv name the directory that is installed from."""
_ENDS = re.compile(r"\s*;.*|\s+--\w.*|\[[^\[\]]*\]|#egg=.*")


class Entry(NamedTuple):
    """A line that says something."""

    file: str
    """Where it is, by a path from the directory of the first file."""
    line: str
    """All of it, but for comments."""
    option: str
    """Its option in short: `-r`, `-c`, `-e`, `-f` or `-i`; empty for what is installed, and for others."""
    value: str
    """What is installed or named, without extras, markers and hashes."""
    is_constraint: bool
    """Whether the file installs nothing."""

    @property
    def beside(self) -> str:
        """Take the value for a path from the file's own directory."""
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.file), self.value))

    @property
    def is_list(self) -> bool:
        """Whether it names another file of requirements."""
        return self.option in {"-r", "-c"} and "://" not in self.value and "$" not in self.value

    @property
    def installs(self) -> bool:
        """Whether something is installed by it."""
        is_other = not self.option and self.value.startswith("-")
        return not self.is_constraint and not is_other and self.option in {"", "-e"}


def entries(whole: Source, directory: str, first: str) -> Iterator[Entry]:
    """Give what a file of requirements says, and those that it names, however many there are.

    Args:
        whole: the source.
        directory: the one in it that the app is installed from; empty for the source itself.
        first: the file, as that directory has it.

    """
    names, known = [(first, False)], {first}
    for name, is_constraint in names:
        path = posixpath.normpath(posixpath.join(directory, name))
        for line in _lines(whole.text(path, "replace")):
            if not (entry := _entry(name, line, is_constraint)):
                continue
            yield entry
            if entry.is_list and entry.beside not in known:
                names.append((entry.beside, is_constraint or entry.option == "-c"))
                known.add(entry.beside)


def installs_nothing(whole: Source, directory: str, name: str) -> bool:
    """Say whether a file of requirements, given as for `entries`, has none."""
    return not any(entry.installs for entry in entries(whole, directory, name))


def refuse_unreadable(whole: Source, directory: str, name: str) -> None:
    """See that a file of requirements, given as for `entries`, and those that it names are texts.

    Raises:
        Refusal: one is none that uv reads.

    """
    for file in dict.fromkeys((name, *(entry.file for entry in entries(whole, directory, name)))):
        whole.text(posixpath.normpath(posixpath.join(directory, file)))


def outermost(whole: Source, directory: str, names: Iterable[str]) -> str | None:
    """Choose from files of requirements, given as for `entries`, the first that no other of them includes.

    One that includes what is for development counts only where all do.
    """
    present = _present(whole, directory, names)
    if len(present) < 2:
        return next(iter(present), None)
    included = {name: _included(whole, directory, name) for name in present}
    counting = [name for name in present if all(map(is_for_use, included[name]))] or present
    inner = {each for name in counting for each in included[name]}
    return next((name for name in counting if name not in inner), counting[0])


def beyond(whole: Source, directory: str, name: str, names: Iterable[str]) -> list[str]:
    """Give those of some files that are there, and that one of them, given as for `entries`, leaves out."""
    inner = {name, *_included(whole, directory, name)}
    return [each for each in _present(whole, directory, names) if each not in inner]


def _present(whole: Source, directory: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if whole.has(posixpath.normpath(posixpath.join(directory, name)))]


def _included(whole: Source, directory: str, name: str) -> set[str]:
    """Give the other files that one includes by `-r`, itself or by one of them."""
    found = (entry.beside for entry in entries(whole, directory, name) if entry.option == "-r")
    return {*found} - {name}


def relative(text: str) -> str:
    """Write a path that begins with the project's own directory as one that is relative to it."""
    return _IN_PROJECT.sub("./", text)


def _lines(text: str) -> Iterator[str]:
    """Give lines without comments, those that a backslash continues as one."""
    begun: list[str] = []
    for each in text.splitlines():
        line = _COMMENT.sub("", " ".join(each.split()))
        begun.append(line.removesuffix("\\"))
        if not line.endswith("\\"):
            yield " ".join(begun)
            begun = []
    yield " ".join(begun)


def _entry(name: str, line: str, is_constraint: bool) -> Entry | None:
    line = relative(" ".join(line.split()))
    if not line:
        return None
    words = _ENDS.sub("", line)
    found = _OPTION.fullmatch(words)
    value = (_unquoted(found["value"]) if found else words).removeprefix(
        "file:" if "://" not in words else ""
    )
    option = next(
        (short for short, long in _SHORT.items() if found and found["option"] in (short, *long)), ""
    )
    return Entry(name, line, option, value, is_constraint)


def _unquoted(path: str) -> str:
    if len(path) > LONGEST:  # over which shlex would take minutes
        return path
    try:
        return " ".join(shlex.split(path))
    except ValueError:
        return path
