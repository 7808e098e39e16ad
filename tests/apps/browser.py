"""A real browser on a site of the lab: Debian's Chromium, which trusts the lab's CA and nothing more."""

import importlib.util
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Route, sync_playwright

from tests.installed import ensure
from tests.outside.client import Outside

CHROMIUM, CERTUTIL = "/usr/bin/chromium", "/usr/bin/certutil"
PACKAGES = ("chromium", "libnss3-tools", "fonts-dejavu-core")
QUIET = (
    "--no-sandbox",  # the tests run as root, where Chromium's own sandbox does not start
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def page_of(site: Outside) -> Iterator[Page]:
    """Open an empty page whose browser finds the site's name at the lab's server."""
    ensure(CHROMIUM, CERTUTIL, packages=PACKAGES)
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        trust(Path(home), site.roots)
        with playwright.chromium.launch_persistent_context(
            f"{home}/profile",
            executable_path=CHROMIUM,
            args=[*QUIET, f"--host-resolver-rules=MAP {site.domain} {site.address}"],
            env={"HOME": home},
            viewport={"width": 1000, "height": 1420},
        ) as context:
            # The docs page takes Swagger UI from a CDN, which a test must not depend on.
            context.route("https://cdn.jsdelivr.net/**", swagger_ui)
            context.route("https://fastapi.tiangolo.com/**", lambda route: route.fulfill(status=204))
            yield context.pages[0]


def trust(home: Path, roots: Path) -> None:
    """Have Chromium trust a root certificate, as Chromium on Linux is told to: in NSS's database."""
    database = home / ".pki/nssdb"
    database.mkdir(parents=True)
    where = ["-d", f"sql:{database}"]
    subprocess.run([CERTUTIL, *where, "-N", "--empty-password"], check=True)
    subprocess.run([CERTUTIL, *where, "-A", "-n", "lab", "-t", "C,,", "-i", str(roots)], check=True)


def swagger_ui(route: Route) -> None:
    """Answer with a file of Swagger UI from the package that brings it."""
    package = importlib.util.find_spec("flask_swagger_ui")
    assert package is not None
    assert package.origin is not None
    route.fulfill(path=Path(package.origin).parent / "dist" / route.request.url.rpartition("/")[2])
