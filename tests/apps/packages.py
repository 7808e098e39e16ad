"""Packages of a test's own, and an index of them on the controller, behind a private CA."""

import base64
import hashlib
import http.server
import ssl
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import trustme
from pip._internal.models.index import PyPI  # what pip itself asks unless it is told otherwise

from tests.lab import trust
from tests.serving import serving


def wheel(folder: Path, name: str, version: str, source: str) -> Path:
    """Write a wheel with one module of the package's own name."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/main.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as packed:
        rows = []
        for file, content in files.items():
            packed.writestr(file, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{file},sha256={digest},{len(content.encode())}\n")
        packed.writestr(f"{info}/RECORD", "".join([*rows, f"{info}/RECORD,,\n"]))
    return path


@dataclass
class PackageIndex:
    """An index as PEP 503 has it; what it has none of, it leaves to the machine's usual index."""

    url: str
    bundle: Path
    """The root above its certificate."""
    login: str | None = None
    """`user:password`, if it asks for them."""
    asked: Callable[[], None] = lambda: None
    """Called when somebody with the right login asks for a package."""


@contextmanager
def package_index(folder: Path, name: str, address: str) -> Iterator[PackageIndex]:
    """Serve the folders of wheels below `folder`/simple at an address of the controller's, under a name."""
    ca = trustme.CA()
    bundle = folder / "ca.pem"
    ca.cert_pem.write_to_path(bundle)
    usual = trust.indexes(trust.host_pip_settings())[0] or PyPI.simple_url
    index = PackageIndex("", bundle)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:
            given = self.headers.get("Authorization", "").removeprefix("Basic ")
            package = self.path.removeprefix("/simple/").partition("/")[0]
            if index.login and base64.b64decode(given).decode() != index.login:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="packages"')
            elif not (folder / "simple" / package).is_dir():
                self.send_response(302)
                self.send_header("Location", f"{usual}/{package}/")
            else:
                index.asked()
                super().do_GET()
                return
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: Any) -> None:
            pass

        def end_headers(self) -> None:
            self.send_header("Cache-Control", "no-store")
            super().end_headers()

        def list_directory(self, path: Any) -> None:
            files = sorted(file.name for file in Path(path).iterdir())
            page = "".join(f'<a href="{name}">{name}</a>' for name in files).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

    server = http.server.ThreadingHTTPServer((address, 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(name).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    index.url = f"https://{name}:{server.server_port}/simple"
    with serving(server):
        yield index
