"""What attempts are made of. Each tool does one thing, or is refused with an OSError."""

import ctypes
import fcntl
import os
import socket
import stat
import struct
import subprocess
import time
from pathlib import Path

_LIBC = ctypes.CDLL(None, use_errno=True)
_PATIENCE = 3.0
_SYSCALLS = {
    "x86_64": {
        "acct": 163,
        "add_key": 248,
        "bpf": 321,
        "chroot": 161,
        "clock_settime": 227,
        "delete_module": 176,
        "fanotify_init": 300,
        "fsopen": 430,
        "init_module": 175,
        "ioperm": 173,
        "iopl": 172,
        "kcmp": 312,
        "kexec_load": 246,
        "keyctl": 250,
        "mount": 165,
        "mount_setattr": 442,
        "move_mount": 429,
        "open_by_handle_at": 304,
        "open_tree": 428,
        "perf_event_open": 298,
        "personality": 135,
        "pidfd_getfd": 438,
        "pivot_root": 155,
        "process_vm_readv": 310,
        "process_vm_writev": 311,
        "ptrace": 101,
        "quotactl": 179,
        "reboot": 169,
        "request_key": 249,
        "sethostname": 170,
        "setns": 308,
        "settimeofday": 164,
        "setuid": 105,
        "swapon": 167,
        "syslog": 103,
        "unshare": 272,
        "userfaultfd": 323,
        "vhangup": 153,
    },
    "aarch64": {
        "acct": 89,
        "add_key": 217,
        "bpf": 280,
        "chroot": 51,
        "clock_settime": 112,
        "delete_module": 106,
        "fanotify_init": 262,
        "fsopen": 430,
        "init_module": 105,
        "ioperm": -1,
        "iopl": -1,
        "kcmp": 272,
        "kexec_load": 104,
        "keyctl": 219,
        "mount": 40,
        "mount_setattr": 442,
        "move_mount": 429,
        "open_by_handle_at": 265,
        "open_tree": 428,
        "perf_event_open": 241,
        "personality": 92,
        "pidfd_getfd": 438,
        "pivot_root": 41,
        "process_vm_readv": 270,
        "process_vm_writev": 271,
        "ptrace": 117,
        "quotactl": 60,
        "reboot": 142,
        "request_key": 218,
        "sethostname": 161,
        "setns": 268,
        "settimeofday": 170,
        "setuid": 146,
        "swapon": 224,
        "syslog": 116,
        "unshare": 97,
        "userfaultfd": 282,
        "vhangup": 58,
    },
}
IN = Path(os.environ.get("STATE_DIRECTORY", os.environ.get("HOME", "/nowhere")))
"""A place that is the attempt's own."""


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


def realtime() -> None:
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


def others_terminals() -> "list[str]":
    """Open every terminal that is not this process's own."""
    names = [name for name in os.listdir("/dev/pts") if name.isdecimal()]
    others = [name for name in names if not os.isatty(0) or f"/dev/pts/{name}" != os.ttyname(0)]
    if not others:
        raise FileNotFoundError("there are no others")
    return [str(os.open(f"/dev/pts/{name}", os.O_RDWR | os.O_NOCTTY)) for name in others]


def plant_in_units() -> "list[int]":
    """Add a command of root's to whatever unit is there until the next boot."""
    folder = "/run/systemd/system"
    return [write(f"{folder}/{name}/stranger.conf") for name in listing(folder)]


def shared_memory() -> int:
    """Make memory of System V's that anybody may attach."""
    return _checked(_LIBC.shmget(0x5EC0, 4096, 0o1666))


def say(words: str) -> int:
    """Say something where the app's own words go."""
    return os.write(2, words.encode("utf-8", "surrogateescape"))


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


def connect(host: str, port: int) -> str:
    with socket.create_connection((host, port), _PATIENCE) as found:
        return str(found.getpeername()[0])


def connect_unix(path: str, kind: int = socket.SOCK_STREAM) -> bool:
    with socket.socket(socket.AF_UNIX, kind) as found:
        found.settimeout(_PATIENCE)
        found.connect(path)
    return True


def connect_by(protocol: int, host: str, port: int) -> str:
    """Connect by another protocol than TCP, like SCTP or MPTCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, protocol) as found:
        found.settimeout(_PATIENCE)
        found.connect((host, port))
        return str(found.getpeername()[0])


def send_udp(host: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as found:
        return found.sendto(b"stranger", (host, port))


def send_unix(path: str, words: bytes) -> int:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.settimeout(_PATIENCE)
        found.connect(path)
        return found.send(words)


def socket_of(family: int, kind: int, protocol: int = 0) -> bool:
    socket.socket(family, kind, protocol).close()
    return True


def hold(host: str, port: int, *, reuse: bool = False) -> None:
    """Listen at a port, and keep what clients send there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = socket.socket(family)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if reuse:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    if family == socket.AF_INET6:
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind((host, port))
    server.listen(100)
    if os.fork() == 0:
        _leave([])
        _take(server)


def hold_when_free(host: str, port: int, seconds: float = 30) -> None:
    """Wait for a port in the background, and listen there as soon as nobody else does."""
    if os.fork():
        return
    _leave([])
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            hold(host, port)
        except OSError:
            time.sleep(0.001)
        else:
            break
    os._exit(0)


def _take(server: socket.socket) -> None:
    while True:
        client, _ = server.accept()
        client.settimeout(1)
        try:
            asked = client.recv(4000)
            with open(IN / "stolen", "ab") as file:
                file.write(asked)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nSTOLEN")
        except OSError:
            pass
        client.close()


def survive(name: str, *, holds: bool = False) -> None:
    """Leave a process behind that nobody waits for; it can keep open what the first of us writes to."""
    if os.fork():
        return
    _leave([f"/proc/{process}/fd/{fd}" for process in _ancestors()[-1:] for fd in (1, 2)] if holds else [])
    _LIBC.prctl(15, name.encode(), 0, 0, 0)  # PR_SET_NAME
    time.sleep(600)
    os._exit(0)


def _ancestors() -> "list[int]":
    found = [os.getppid()]
    while found[-1] > 1:
        found.append(int(Path(f"/proc/{found[-1]}/stat").read_text().rpartition(")")[2].split()[1]))
    return found[:-1]


def _leave(held: "list[str]") -> None:
    """Part with whoever waits for us, and keep nothing of theirs open but what is to be held."""
    os.setsid()
    os.closerange(0, 3)
    for path in held:
        try:
            os.open(path, os.O_WRONLY)
        except OSError:
            continue


def fill(descriptor: int, size: int) -> None:
    """Say a lot."""
    block = b"stranger " * 1000
    for _ in range(size // len(block)):
        os.write(descriptor, block)


def send_signal(process: int, number: int = 0) -> None:
    os.kill(process, number)


def syscall(name: str, *arguments: int) -> int:
    ctypes.set_errno(0)
    wide = [ctypes.c_long(argument) for argument in arguments]
    return _checked(_LIBC.syscall(ctypes.c_long(_SYSCALLS[os.uname().machine][name]), *wide))


def memory_of(process: int, name: str) -> int:
    """Copy a piece of memory from or to another process."""
    piece = ctypes.create_string_buffer(16)
    ours = (ctypes.c_ulong * 2)(ctypes.addressof(piece), 16)
    theirs = (ctypes.c_ulong * 2)(0x400000, 16)
    return syscall(name, process, ctypes.addressof(ours), 1, ctypes.addressof(theirs), 1, 0)


def _checked(done: int) -> int:
    if done < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return done


def priority(process: int) -> None:
    os.setpriority(os.PRIO_PROCESS, process, 19)


def program(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    if done.returncode:
        raise PermissionError(f"{command[0]}: {done.stderr.strip()[:200]}")
    return done.stdout[:300]


def others() -> "list[str]":
    """List the command lines of other users' processes."""
    found = []
    for process in filter(str.isdecimal, os.listdir("/proc")):
        try:
            if os.stat(f"/proc/{process}").st_uid != os.getuid():
                found.append(Path(f"/proc/{process}/cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    if not found:
        raise ProcessLookupError("there is nobody else")
    return found


def dbus(words: str) -> str:
    """Say hello to a bus, and ask."""
    path = "/run/dbus/system_bus_socket"
    with socket.socket(socket.AF_UNIX) as bus:
        bus.settimeout(_PATIENCE)
        bus.connect(path)
        bus.sendall(b"\0AUTH EXTERNAL " + str(os.getuid()).encode().hex().encode() + b"\r\n")
        return bus.recv(100).decode() + words


def notify(path: str, words: str) -> int:
    return send_unix(path, words.encode())


def journal(**fields: str) -> int:
    """Write an entry of the journal with fields of one's own choosing."""
    lines = [f"{name}={value}\n" for name, value in fields.items()]
    return send_unix("/run/systemd/journal/socket", "".join(lines).encode())
