"""On the host: a certificate of our own making, for as long as the CA has issued none."""

import os
from pathlib import Path
from typing import Any

from deploys.certificates.onhost import link, x509
from deploys.onhost import files, run


def main(argument: "dict[str, Any]") -> None:
    """Have each link lead to a key and a chain: the CA's where it has issued, else a placeholder's.

    Args:
        argument: `lineages` is a table from name to the names covered; `certificates`, `placeholders`,
            `live` and `webroot` are directories.

    """
    os.umask(0o022)
    Path(argument["webroot"], ".well-known", "acme-challenge").mkdir(parents=True, exist_ok=True)
    for name, names in argument["lineages"].items():
        target = Path(argument["live"], name)
        if not _complete(target):
            target = Path(argument["placeholders"], name)
            if not _complete(target):
                _make(target, names)
        link.lead(Path(argument["certificates"], name), target)


def _complete(directory: Path) -> bool:
    return (directory / "privkey.pem").exists() and x509.read_certificate(
        f"{directory}/fullchain.pem"
    ) is not None


def _make(directory: Path, names: "list[str]") -> None:
    files.make_directory(directory, 0o700)
    command = [
        *(
            "/usr/bin/openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ),
        *("-days", "3650", "-subj", f"/O={x509.PLACEHOLDER}"),
        *("-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)),
        *("-keyout", f"{directory}/privkey.pem", "-out", f"{directory}/fullchain.pem"),
    ]
    run.output(*command, what=f"no placeholder for {names[0]}")
