"""Run on a server: every unit that gatehouse has written or changed, what it runs, and how it is held."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

UNITS = Path("/etc/systemd/system")
KINDS = ("Condition", "StartPre", "Start", "StartPost", "Reload", "Stop", "StopPre", "StopPost")
PROPERTIES = ("User", "DynamicUser", "Environment", "EnvironmentFiles", "PassEnvironment", "UnsetEnvironment")
STARTED = re.compile(
    r"\{ path=(?P<path>\S+) ; argv\[\]=(?P<argv>.*?) ; (?:ignore_errors|flags)=(?P<flags>[^;]*) ;"
)
NAMED = re.compile(r"""(?:^|[\s'"`(;&|])(/[\w./@+-]+)""")


def said(*command: str) -> str:
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout


def names() -> "list[str]":
    """Name the units; of a template, one instance that there is, or else could be."""
    ours = [path for path in UNITS.iterdir() if path.is_file() and "Written by gatehouse" in path.read_text()]
    dropped = [path.parent for path in UNITS.glob("*.d/*.conf") if "Written by gatehouse" in path.read_text()]
    found = {path.name for path in ours}
    found |= {path.name[:-2] for path in dropped if not path.name.endswith("-.service.d")}
    return sorted(name.replace("@.", "@demo.") for name in found | set(sys.argv[1:]))


def described(unit: str) -> "dict[str, object]":
    kinds = [f"Exec{kind}{extended}" for kind in KINDS for extended in ("", "Ex")]
    shown = said("systemctl", "show", f"--property={','.join((*PROPERTIES, *kinds))}", "--", unit)
    pairs = [line.split("=", 1) for line in shown.splitlines() if "=" in line]
    commands = [
        {"kind": key, **found.groupdict()}
        for key, value in pairs
        if key.startswith("Exec")
        for found in STARTED.finditer(value)
    ]
    score = re.search(
        r"exposure level for \S+: ([\d.]+)", said("systemd-analyze", "security", "--no-pager", unit)
    )
    return {
        **{key: value for key, value in pairs if key in PROPERTIES},
        "score": float(score[1]) if score else None,
        "commands": commands,
        "open": sorted(
            {place for each in commands for place in opened(str(each["path"]), str(each["argv"]))}
        ),
        "first": {str(each["path"]): first_line(str(each["path"])) for each in commands},
    }


def opened(path: str, argv: str) -> "list[str]":
    """List what others than root could put in the way of what is run."""
    programs = {
        path,
        *(word for word in NAMED.findall(argv) if os.path.isfile(word) and os.access(word, os.X_OK)),
    }
    return [place for program in programs for place in on_the_way(program) if is_open(place)]


def on_the_way(path: str) -> "set[str]":
    """List a program and all directories and links by which it is reached."""
    found, left = set(), [path]
    while left:
        here = left.pop()
        if here in found:
            continue
        found.add(here)
        if os.path.islink(here):
            left.append(os.path.join(os.path.dirname(here), os.readlink(here)))
        if here != "/":
            left.append(os.path.dirname(here))
    return {os.path.normpath(each) for each in found}


def is_open(path: str) -> bool:
    status = os.lstat(path)
    return status.st_uid != 0 or (not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & 0o022))


def first_line(path: str) -> str:
    with open(path, "rb") as file:
        return file.readline(200).decode(errors="replace").strip()


json.dump(
    {"manager": said("systemctl", "show-environment"), "units": {name: described(name) for name in names()}},
    sys.stdout,
)
