"""Everything of a lab that can be found on the host, by means of the host's own."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.lab import Lab


def traces(lab: Lab) -> list[str]:
    return sorted(_traces(lab.layout.id, lab.layout.state))


def _traces(lab: str, state: Path) -> Iterator[str]:
    for link in json.loads(_output("ip", "-json", "link", "show")):
        if lab in link["ifname"]:
            yield f"link {link['ifname']}"
    for line in _output("ip", "netns", "list").splitlines():
        if lab in line:
            yield f"namespace {line}"
    for line in _output("nft", "list", "tables").splitlines():
        if lab in line:
            yield f"nft {line}"
    for line in Path("/proc/mounts").read_text().splitlines():
        if lab in line or str(state) in line:
            yield f"mount {line}"
    for folder in ("/run/gatehouse-lab", "/etc/netns", "/run/systemd/nspawn", "/var/cache/gatehouse-lab"):
        for path in Path(folder).rglob(f"*{lab}*"):
            yield f"file {path}"
    for path in Path("/sys/fs/cgroup").rglob(f"gatehouse-lab/{lab}"):
        yield f"control group {path}"
    if state.exists():
        yield f"state {state}"
    yield from _processes(lab, state)


def _processes(lab: str, state: Path) -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_text().replace("\0", " ")
            groups = (process / "cgroup").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        is_lab = f"gatehouse-lab/{lab}" in groups or (str(state) in command and "pytest" not in command)
        if command and is_lab:  # a dead one that nobody has waited for yet has no command line
            yield f"process {process.name} {command}"


def _output(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
