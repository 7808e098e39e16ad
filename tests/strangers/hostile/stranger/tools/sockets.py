"""What connections and messages are made by."""

import ctypes
import os
import socket

_PATIENCE = 3.0
_LIBC = ctypes.CDLL(None, use_errno=True)


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


def connect_by_listener(*places: "tuple[str, int]") -> str:
    """Connect from the listener that the app was handed: it was opened by systemd, as root."""
    held = next(filter(None, map(_listener, range(3, 100))))
    held.settimeout(_PATIENCE)
    error: OSError | None = None
    try:
        for place in places:
            try:
                _disconnect(held)
                held.connect(place)
                return str(held.getpeername())
            except OSError as refused:
                error = refused
    finally:
        _disconnect(held)
        held.listen(128)
    raise error or RuntimeError("no place was given")


def _listener(descriptor: int) -> "socket.socket | None":
    try:
        found = socket.socket(fileno=os.dup(descriptor))
        if found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and found.family == socket.AF_INET:
            return found
    except OSError:
        pass
    return None


def _disconnect(found: socket.socket) -> None:
    """Take a socket out of whatever it is in (AF_UNSPEC in connect(2)), which Python has no words for."""
    if _LIBC.connect(found.fileno(), bytes(16), 16):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


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
