"""On the host: a proxy's program, from its vendor or from the controller, put where it is run."""

import base64
import hashlib
import os
import platform
import re
import shutil
import sys
import tarfile
import tempfile
import urllib.error
import urllib.request
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from deploys.onhost import files, removal, run, words

_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
"""Kinds of processors, in the vendors' words."""
_MOST = 400 << 20
"""Bytes of an archive, or of a program."""
_PATIENCE = 60
"""Seconds without a byte after which a download is given up."""


def main(argument: "dict[str, Any]") -> None:
    """Put it there, whole or not at all, once it says that it is new enough.

    Args:
        argument: `path`, where; `oldest`, the lowest version that will do; either `content`, the program,
            or `url` and `checksum` of an archive that has it.

    """
    path = argument["path"]
    name = os.path.basename(path)
    unfinished = f"{os.path.dirname(path)}.unfinished"
    removal.remove(unfinished)
    files.make_directory(unfinished)
    draft = f"{unfinished}/{name}"
    try:
        if "content" in argument:
            content = zlib.decompress(base64.b64decode(argument["content"]))
            files.write(draft, content, 0o755)
        else:
            _fetch(argument["url"].replace("{machine}", _machine()), argument["checksum"], draft)
        _check(draft, tuple(argument["oldest"]))
        os.rename(unfinished, os.path.dirname(path))
    finally:
        removal.remove(unfinished)


def _machine() -> str:
    kind = platform.machine()
    if kind not in _MACHINES:
        sys.exit(f"proxy_program: its vendor has none for {kind}; give one as a file")
    return _MACHINES[kind]


def _fetch(url: str, checksum: str, draft: str) -> None:
    """Take the program out of an archive, once that is what it should be."""
    with tempfile.TemporaryFile(dir=os.path.dirname(draft)) as archive:
        digest = hashlib.sha256() if len(checksum) == 64 else hashlib.sha512()
        try:
            with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310  # settings take http alone
                while piece := answer.read(1 << 20):
                    digest.update(piece)
                    archive.write(piece)
                    if archive.tell() > _MOST:
                        sys.exit(f"proxy_program: {url} has more than {_MOST >> 20} MB")
        except OSError as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            sys.exit(f"proxy_program: {url} cannot be fetched: {words.cited(str(error), 200)}")
        if digest.hexdigest() != checksum:
            sys.exit(
                f"proxy_program: {url} has the checksum {digest.hexdigest()}, not that of the settings: "
                "correct it, or do not trust the archive"
            )
        archive.seek(0)
        with _member(archive, os.path.basename(draft), url) as member:
            new = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o755)
            with open(new, "wb") as file:
                shutil.copyfileobj(member, file)
                file.flush()
                os.fchmod(file.fileno(), 0o755)
                os.fsync(file.fileno())


@contextmanager
def _member(archive: "IO[bytes]", name: str, url: str) -> Iterator["IO[bytes]"]:
    try:
        with tarfile.open(fileobj=archive, mode="r:gz") as tar:
            named = (each for each in tar if os.path.basename(each.name) == name)
            found = next((each for each in named if each.isfile()), None)
            member = tar.extractfile(found) if found and found.size <= _MOST else None
            if member is None:
                sys.exit(f"proxy_program: {url} has no {name} in it")
            yield member
    except (tarfile.TarError, EOFError, zlib.error) as error:
        sys.exit(f"proxy_program: {url} is no archive: {error}")


def _check(path: str, oldest: "tuple[int, ...]") -> None:
    """Have the program say its version, by which it shows that it runs here, too."""
    name = os.path.basename(path)
    try:
        said = run.attempt(path, "version", timeout=30)
    except OSError as error:
        sys.exit(f"proxy_program: does not run here: {error.strerror or error}")
    found = re.search(r"\bv?(\d+)\.(\d+)\.(\d+)", said.stdout)
    if said.returncode or not found:
        sys.exit(words.said(f"proxy_program: says no version of {name}", said.stderr or said.stdout))
    version = tuple(map(int, found.groups()))
    if version < oldest:
        wanted = ".".join(map(str, oldest))
        sys.exit(f"proxy_program: is {name} {found[0].lstrip('v')}; give {wanted} or a later one")
