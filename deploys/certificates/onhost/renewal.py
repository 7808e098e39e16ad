"""On the host: what is noted in a lineage's renewal configuration, where certbot keeps keys of others."""

import hashlib
import re
from pathlib import Path

from deploys.certificates.onhost import x509
from deploys.onhost import files


def digest(words: "tuple[str, ...]", text: str) -> str:
    """Tell DNS settings apart without telling them.

    Args:
        words: what certbot is told of the challenge.
        text: the hook, or the credentials.

    """
    return hashlib.sha256("\0".join([*words, text]).encode()).hexdigest()


def read(conf: Path) -> "dict[str, str]":
    """Read what certbot renews a lineage by."""
    pairs = re.findall(r"^([a-z_]+) = (.*)$", conf.read_text(), re.MULTILINE)
    return {key: value.strip().rstrip(",") for key, value in pairs}


def set_point(conf: Path, chain: str) -> None:
    """Have certbot renew when a third of the lifetime is left, or half of a short one.

    Before 4.0 it would renew 30 days before the end, whatever the lifetime. From 4.1 it would wait for the
    moment that the CA proposes (ARI), which may come after the watch has complained; an earlier one counts.
    """
    certificate = x509.read_certificate(chain)
    if certificate is not None and conf.exists():
        minutes = round((certificate["not_after"] - certificate["not_before"]) / 60)
        point = minutes // (3 if minutes >= 10 * 24 * 60 else 2)
        note(conf, "renew_before_expiry", f"{point // 60} hours" if point % 60 == 0 else f"{point} minutes")


def switch_on(conf: Path) -> None:
    """Have certbot renew a lineage for which somebody once switched that off."""
    if conf.exists():
        rewrite(conf, re.sub(r"^autorenew = .*\n", "", conf.read_text(), flags=re.MULTILINE))


def note(conf: Path, key: str, value: str) -> None:
    """Put a line above the sections, or change the one that is there."""
    line, text = f"{key} = {value}", conf.read_text()
    told, count = re.subn(rf"^#? ?{key} = .*$", line, text, flags=re.MULTILINE)
    rewrite(conf, told if count else f"{line}\n{text}")


def rewrite(conf: Path, text: str) -> None:
    """Put a text in the place of what is there, whole or not at all."""
    files.write(conf, text, 0o600)
