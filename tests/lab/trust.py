"""What a server here needs to reach package registries: the host's own trust and index settings."""

import base64
import re
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
PACKAGED = Path("/usr/share/ca-certificates")
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
PIP_SETTING = re.compile(r"(?P<origin>\S+?)\.(?P<key>index-url|extra-index-url)='(?P<urls>.*)'")


def local_certificates() -> list[str]:
    """The certificates the host trusts beyond Debian's, such as a TLS-inspecting proxy's; as PEM, sorted."""
    if not BUNDLE.exists():
        return []
    packaged = {der for file in PACKAGED.rglob("*.crt") for der in _read(file)}
    return [ssl.DER_cert_to_PEM_cert(der) for der in sorted(_read(BUNDLE) - packaged)]


def pip_settings(settings: str) -> str:
    """pip.conf: trust the system's bundle, and use the host's indexes where a server can reach them."""
    index, extra = indexes(settings)
    lines = ["[global]", f"cert = {BUNDLE}"]
    if index:
        lines.append(f"index-url = {index}")
    if extra:
        lines.append(f"extra-index-url = {' '.join(extra)}")
    return "\n".join(lines) + "\n"


def uv_settings(settings: str) -> str:
    """uv.toml, to the same effect."""
    index, extra = indexes(settings)
    lines = ["native-tls = true"]
    if index:
        lines.append(f'index-url = "{index}"')
    if extra:
        lines.append(f"extra-index-url = {list(extra)}")
    return "\n".join(lines) + "\n"


def indexes(settings: str) -> tuple[str | None, list[str]]:
    """The index and the extra ones in `pip config list`; the environment beats the files, as in pip."""
    found: dict[str, list[str]] = {}
    for line in sorted(settings.splitlines(), key=lambda line: line.startswith(":env:")):
        if setting := PIP_SETTING.fullmatch(line.strip()):
            found[setting["key"]] = [url for url in setting["urls"].split() if _is_plain(url)]
    index = found.get("index-url", [])
    return (index[0] if index else None), found.get("extra-index-url", [])


def host_pip_settings() -> str:
    """`pip config list` of this Python; nothing where it has no pip."""
    listing = [sys.executable, "-m", "pip", "config", "list"]
    return subprocess.run(listing, capture_output=True, text=True, check=False).stdout


def _is_plain(url: str) -> bool:
    """Reachable from another machine, and without a password in it."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and not parts.username and not parts.password


def _read(file: Path) -> set[bytes]:
    return {base64.b64decode(body) for body in CERTIFICATE.findall(file.read_text(errors="replace"))}
