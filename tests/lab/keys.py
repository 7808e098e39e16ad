"""SSH keys: the lab's own for logging in, and each server's host keys, known before it is first reached."""

from pathlib import Path

from tests.lab.layout import Layout
from tests.lab.shell import run

HOST_KEY_TYPES = ("ed25519", "ecdsa")


def login_key(layout: Layout) -> Path:
    """The private key that root of every server accepts."""
    key = layout.ssh / "id_ed25519"
    if not key.with_suffix(".pub").exists():
        key.unlink(missing_ok=True)
        _generate(key, "ed25519", "gatehouse-lab")
    return key


def make_host_keys(folder: Path, server: str) -> None:
    for kind in HOST_KEY_TYPES:
        _generate(folder / f"ssh_host_{kind}_key", kind, f"root@{server}")


def host_keys(folder: Path) -> list[str]:
    """The public halves, each as `type base64`."""
    return [" ".join(file.read_text().split()[:2]) for file in sorted(folder.glob("ssh_host_*_key.pub"))]


def _generate(key: Path, kind: str, comment: str) -> None:
    key.parent.mkdir(parents=True, exist_ok=True)
    run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", comment, "-f", key])
