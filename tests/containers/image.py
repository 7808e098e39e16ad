"""Images made of this machine's own Python, without a registry: archives as `docker save` writes them."""

import hashlib
import io
import json
import subprocess
import tarfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_PYTHON = Path("/usr/bin/python3").resolve()
_LIBRARY = Path("/usr/lib", _PYTHON.name)
_LEFT_OUT = {"__pycache__", "ensurepip", "idlelib", "lib2to3", "pydoc_data", "test", "tests", "tkinter"}
_PROGRAMS = ("sh", "sleep", "env", "cat", "touch", "true", "false", "ls", "id", "stat")
_PEOPLE = {
    "etc/passwd": b"root:x:0:0:root:/root:/bin/sh\nweb:x:1234:1234:web:/app:/bin/sh\n",
    "etc/group": b"root:x:0:\nweb:x:1234:\n",
}


def archive(
    place: Path, files: Mapping[str, str], links: Mapping[str, str] | None = None, **config: Any
) -> Path:
    """Write an image with Python, a shell, and these files and links in /app.

    Args:
        place: where it is to be.
        files: their contents.
        links: where they lead.
        config: what the image says of itself.

    """
    layers = [base(), _layer({f"app/{name}": text.encode() for name, text in files.items()}, links or {})]
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    said = {
        "architecture": "amd64",
        "os": "linux",
        "config": {
            "Env": ["PATH=/usr/bin:/bin", "FROM_IMAGE=yes"],
            "Cmd": ["python3", "-u", "/app/main.py"],
            "WorkingDir": "/app",
            "User": "web",
            "ExposedPorts": {"8000/tcp": {}},
            **config,
        },
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
    }
    names = [f"{digest}/layer.tar" for digest in digests]
    manifest = [{"Config": "config.json", "RepoTags": ["localhost/shop:1"], "Layers": names}]
    with tarfile.open(place, "w") as tar:
        _add(tar, "manifest.json", json.dumps(manifest).encode())
        _add(tar, "config.json", json.dumps(said).encode())
        for name, layer in zip(names, layers, strict=True):
            _add(tar, name, layer)
    return place


@cache
def base() -> bytes:
    """The layer of what all images have: Python, and the few programs that commands here are made of."""
    written = io.BytesIO()
    programs = [Path("/bin", name).resolve() for name in _PROGRAMS]
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, text in _PEOPLE.items():
            _add(tar, name, text)
        for link, target in {
            "bin": "usr/bin",
            "lib": "usr/lib",
            "usr/bin/python3": _PYTHON.name,
            "usr/bin/python": _PYTHON.name,
        }.items():
            _link(tar, link, target)
        for name, program in zip(_PROGRAMS, programs, strict=True):
            _copy(tar, program, f"usr/bin/{name}")
        _copy(tar, _PYTHON, f"usr/bin/{_PYTHON.name}")
        modules = [path for path in sorted(_LIBRARY.rglob("*")) if not _LEFT_OUT & {*path.parts}]
        for module in modules:
            if module.is_file() and not module.is_symlink() and module.suffix not in {".a", ".pyc"}:
                _copy(tar, module, str(module).lstrip("/"))
        for library in _libraries([_PYTHON, *programs, *_LIBRARY.glob("lib-dynload/*.so")]):
            _copy(tar, library.resolve(), str(library).lstrip("/").replace("lib/", "usr/lib/", 1))
    return written.getvalue()


def _libraries(programs: list[Path]) -> list[Path]:
    told = subprocess.run(["ldd", *map(str, programs)], capture_output=True, text=True, check=False).stdout
    words = {word for line in told.splitlines() for word in line.split() if word.startswith("/lib")}
    return sorted(Path(word) for word in words if not word.endswith(":"))


def _layer(files: Mapping[str, bytes], links: Mapping[str, str]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for name, content in files.items():
            _add(tar, name, content)
        for name, target in links.items():
            _link(tar, f"app/{name}", target)
    return written.getvalue()


def _copy(tar: tarfile.TarFile, path: Path, name: str) -> None:
    _add(tar, name, path.read_bytes(), 0o755 if path.stat().st_mode & 0o100 else 0o644)


def _link(tar: tarfile.TarFile, name: str, target: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = tarfile.SYMTYPE, target
    tar.addfile(entry)


def _add(tar: tarfile.TarFile, name: str, content: bytes, mode: int = 0o644) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), mode
    tar.addfile(entry, io.BytesIO(content))
