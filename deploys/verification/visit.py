"""One name of a site at one of its addresses, as a client sees it. On the controller."""

import errno
import http.client
import socket
import ssl
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from deploys.onhost import bounded

SECONDS = 10
_IN_WORDS = {
    errno.ECONNREFUSED: "the connection is refused",
    errno.ECONNRESET: "the connection is cut off",
    errno.EHOSTUNREACH: "the address is not reached",
}


def addresses(name: str) -> list[str]:
    """Look a name up; nothing where DNS has no address for it."""
    try:
        found = socket.getaddrinfo(name, 443, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return sorted({str(where[0]).partition("%")[0] for *_, where in found})


def has_route(address: str) -> bool:
    """Say whether this machine could reach the address at all; without IPv6 it reaches no such address."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 443))
    except OSError:
        return False
    return True


def in_words(error: OSError) -> str:
    """Say why nothing came of a connection."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    if isinstance(error, TimeoutError):
        return "no answer"
    return _IN_WORDS.get(error.errno or 0, str(error))


@dataclass(frozen=True)
class Visit:
    """A name at an address.

    Args:
        name: a domain name, or the address itself.
        address: where to ask for it.

    """

    name: str
    address: str

    @property
    def authority(self) -> str:
        """The name as it stands in URLs (RFC 3986, section 3.2.2)."""
        return f"[{self.name}]" if ":" in self.name else self.name

    def is_open(self, port: int) -> bool:
        """Say whether anything accepts connections on a TCP port."""
        try:
            self._connect(port).close()
        except OSError:
            return False
        return True

    def certificate(self) -> dict[str, Any]:
        """Fetch the certificate as `ssl.SSLSocket.getpeercert` describes it, verified as browsers do.

        Raises:
            OSError: there is no connection, or the certificate is not trusted for this name.

        """
        with self._wrap(ssl.create_default_context()) as wrapped:
            return dict(wrapped.getpeercert() or {})

    def fingerprint(self) -> str:
        """Fetch the SHA-256 of the certificate, whatever it is.

        Raises:
            OSError: there is no connection.

        """
        return sha256(self.served()).hexdigest()

    def served(self) -> bytes:
        """Fetch the certificate in DER, whatever it is.

        Raises:
            OSError: there is no connection.

        """
        with self._wrap(_unverified()) as wrapped:
            return wrapped.getpeercert(binary_form=True) or b""

    def get(self, path: str, *, tls: bool = True) -> http.client.HTTPResponse:
        """Ask for a path; whom the certificate is from does not matter here.

        Raises:
            OSError: there is no connection, or it ends too early.

        """
        connection = http.client.HTTPConnection(self.address, timeout=SECONDS)
        connection.sock = self._wrap(_unverified()) if tls else self._connect(80)
        try:
            connection.request("GET", path, headers={"Host": self.authority, "User-Agent": "gatehouse"})
            return bounded.answer(connection, SECONDS)
        except http.client.HTTPException as error:
            raise ConnectionError(type(error).__name__) from error
        finally:
            connection.close()

    def _connect(self, port: int) -> socket.socket:
        return socket.create_connection((self.address, port), timeout=SECONDS)

    def _wrap(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        plain = self._connect(443)
        try:
            return context.wrap_socket(plain, server_hostname=self.name)
        except BaseException:
            plain.close()
            raise


def _unverified() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
