"""What files and folders are made and planted by."""

import fcntl
import os
import socket
import stat
import struct
from pathlib import Path


def read(path: str) -> str:
    with open(path, "rb") as file:
        return file.read(100).decode(errors="replace")


def listing(path: str) -> "list[str]":
    found = sorted(os.listdir(path))
    if not found:
        raise FileNotFoundError(path)
    return found


def write(path: str, content: str = "stranger\n") -> int:
    with open(path, "a") as file:
        return file.write(content)


def make(path: str, content: str) -> int:
    """Write a file that runs, with the folders above it."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    done = write(path, content)
    Path(path).chmod(0o755)
    return done


def plant(path: "str | bytes", target: str) -> None:
    """Put a symbolic link in a place, whatever is there."""
    if os.path.lexists(path):
        os.replace(path, os.fsencode(path) + b".was")
    os.symlink(os.fsencode(target), os.fsencode(path))


def hard_link(path: str, target: str) -> None:
    os.link(target, path)


def lock(path: str) -> None:
    """Keep everybody else from a lock on a file, by either kind of lock; to read it is enough for that."""
    with open(path, "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # another attempt may have it for a moment
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)


def pipe(path: str) -> None:
    os.mkfifo(path)


def listen_at(path: str) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)


def device(path: str) -> None:
    os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 1))


def setuid_copy(path: str) -> None:
    Path(path).write_bytes(Path("/bin/sh").read_bytes())
    Path(path).chmod(0o4755)


def named(folder: str, name: bytes) -> None:
    """Make a file of any name."""
    os.close(os.open(os.fsencode(folder) + b"/" + name, os.O_CREAT | os.O_WRONLY, 0o644))


def deep(folder: str, levels: int = 3000) -> None:
    """Make a folder in a folder in a folder."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=at)
        below = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


def sparse(path: str, size: int) -> None:
    with open(path, "wb") as file:
        file.truncate(size)


def access_list(path: str, kind: str = "access") -> None:
    """Have our user write to a file of ours, or to what is made in a folder, whoever owns it (acl(5))."""
    entries = [(1, 7, -1), (2, 7, os.getuid()), (4, 7, -1), (16, 7, -1), (32, 7, -1)]
    packed = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
    os.setxattr(path, f"system.posix_acl_{kind}", packed)


def flagged(path: str, flags: int) -> None:
    """Have not even root change a file (FS_IOC_SETFLAGS of ioctl_iflags(2))."""
    with open(path, "w") as file:
        fcntl.ioctl(file, 0x40086602, struct.pack("<l", flags))


def plant_in_units() -> "list[int]":
    """Add a command of root's to whatever unit is there until the next boot."""
    folder = "/run/systemd/system"
    return [write(f"{folder}/{name}/stranger.conf") for name in listing(folder)]


def writable() -> "list[str]":
    """List what can be written to, though not what is in such folders; /proc has rows of its own."""
    found = []
    for top in sorted(os.listdir("/")):
        pending = [] if top in {"proc", "sys"} or os.path.islink("/" + top) else ["/" + top]
        while pending:
            path = pending.pop()
            if os.access(path, os.W_OK):
                found.append(path)
                continue  # whatever is below it is ours
            try:
                below = [*os.scandir(path)]
            except OSError:
                continue
            pending += [entry.path for entry in below if entry.is_dir(follow_symlinks=False)]
            found += [entry.path for entry in below if _is_writable(entry)]
    return sorted(found)


def _is_writable(entry: "os.DirEntry[str]") -> bool:
    return not entry.is_symlink() and not entry.is_dir() and os.access(entry.path, os.W_OK)
