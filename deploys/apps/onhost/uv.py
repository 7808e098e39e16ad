"""On the host: uv, which installs what apps need, known by its digests whatever index it comes from."""

import os
import re
import sys
from pathlib import Path
from typing import Any

from deploys.onhost import files, removal, run, words

_WHY_PIP_FAILS = re.compile(r" *(ERROR:|WARNING:|Could not fetch URL)|[\w.]+Error: | +(Expected|Got) +")
"""The lines that matter of what pip says; without -vv it does not tell that a login is refused."""


def install(argument: "dict[str, Any]", bundle: Path) -> None:
    """Install uv, unless it is there and works.

    Args:
        argument: `uv`, which has `home`, the directory of its environment, and `requirement`, its version and
            digests as pip reads them; `index`, the URL to have it from, or None for pip's own;
            `index_logins`, a netrc file for that; `lock`, of the app.
        bundle: the certificates to believe.

    """
    home = Path(argument["uv"]["home"])
    if _works(home / "bin/uv"):
        return
    making = Path(f"{home}.new")
    for path in (home, making):
        removal.remove(path)
    files.make_directory(making.parent)
    venv = ("/usr/bin/python3", "-I", "-m", "venv", str(making))
    run.output(*venv, what="cannot make an environment for uv")
    requirement, logins = making / "requirement.txt", making / "netrc"
    files.write(requirement, argument["uv"]["requirement"])
    files.write(logins, argument["index_logins"], 0o600)
    environment = {"PIP_CERT": str(bundle), "NETRC": str(logins)}
    if argument["index"]:
        environment["PIP_INDEX_URL"] = argument["index"]
    pip = (str(making / "bin/python"), "-I", "-m", "pip", "-vv", "--disable-pip-version-check", "--no-input")
    pinned = ("--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement", str(requirement))
    done = run.attempt(*pip, "install", *pinned, environment=environment)
    removal.remove(logins)
    if done.returncode:
        said = (done.stdout + done.stderr).splitlines()
        telling = [line for line in said if _WHY_PIP_FAILS.match(line)]
        quoted = words.quoted("\n".join(telling or said))
        sys.exit(f"cannot install uv:\n{quoted}")
    os.sync()
    making.rename(home)


def _works(program: Path) -> bool:
    """Say whether a program is there, and whole: a shell runs an empty one, and all seems well."""
    try:
        return run.attempt(str(program), "--version").returncode == 0
    except OSError:
        return False
