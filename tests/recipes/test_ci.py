"""What jobs of CI run by the pages is run as their runners do: in a clean clone, with their variables."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command.clone import Clone
from tests.documented import ROOT
from tests.house import House
from tests.lab import Lab

DOCS = ROOT / "docs"


def steps(page: str) -> list[str]:
    """Give what the jobs on a page run, in order: GitHub's `run`, and the lines of GitLab's `script`."""
    (job,) = re.findall(r"^```yaml\n(.*?(?:runs-on|script):.*?)^```", page, re.MULTILINE | re.DOTALL)
    if "script:" in job:
        return re.findall(r"^    - ([^#\n]+?)(?:\s+#.*)?$", job, re.MULTILINE)
    found = re.findall(r"^ *- run: (?:\|\n((?: {10}.*\n)+)|(.+)$)", job, re.MULTILINE)
    return [re.sub(r"^ {10}", "", block, flags=re.MULTILINE) or line for block, line in found]


@pytest.mark.parametrize(
    ("page", "first", "last"),
    [
        ("servers.md", "make venv", ".venv/bin/pyinfra -y inventories/prod.py deploys/site.py\n"),
        (
            "recipes.md",
            "apt-get update && apt-get install -y git openssh-client make",
            "./gatehouse site prod --yes",
        ),
    ],
)
def test_what_a_job_runs_is_found(page: str, first: str, last: str) -> None:
    found = steps((DOCS / page).read_text())
    assert found[0] == first
    assert found[-1].endswith(last)


@pytest.mark.lab
@pytest.mark.slow
@pytest.mark.parametrize("page", ["servers.md", "recipes.md"])
def test_a_job_deploys_from_a_clean_clone(lab: Lab, tmp_path: Path, page: str) -> None:
    server = lab.up(f"ci-{Path(page).stem}", debian="13")
    app = {"source": str(ROOT / "tests/demo"), "asgi": "demo.main:app", "health": {"path": "/health"}}
    house = House.on(
        lab, server, apps={"shop": app}, sites={"www.ci.test": {"routes": {"/": {"app": "shop"}}}}
    )
    clone = Clone.at(tmp_path / "clone")
    (clone.root / ".venv").unlink()
    for name in ("Makefile", "README.md", "pyproject.toml", "config.py"):
        shutil.copy(ROOT / name, clone.root)
    settings = "".join(f"{key} = {value!r}\n" for key, value in house.settings.items())
    clone.write(
        {
            "group_data/prod.py": settings,
            "inventories/prod.py": f'hosts = [("{server.address}", {{"ssh_user": "root"}})]\n',
        }
    )
    home = tmp_path / "home"
    home.mkdir()
    known, key = server.known_hosts.read_text(), server.key.read_text()
    if page == "servers.md":
        variables = {"SSH_KEY": key, "KNOWN_HOSTS": known}
    else:
        files = {"SSH_KEY": key, "KNOWN_HOSTS": known}
        variables = {name: str(tmp_path / name) for name in files}
        for name, content in files.items():
            (tmp_path / name).write_text(content)
    environment = os.environ | variables | {"HOME": str(home), "DEBIAN_FRONTEND": "noninteractive"}
    for step in steps((DOCS / page).read_text()):
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", step],
            cwd=clone.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{step!r} ended with {done.returncode}:\n{done.stdout}"
    assert house.outside.get("/health").status_code == 200
