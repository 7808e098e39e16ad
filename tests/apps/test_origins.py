"""Every kind of source, from the controller to a running app."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.packages import wheel
from tests.apps.workshop import APP, DEPLOY, Workshop
from tests.provision import Run

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("origin")


@pytest.mark.slow
def test_a_git_repository(workshop: Workshop) -> None:
    git = ["git", "-C", str(workshop.folder), "-c", "user.name=a", "-c", "user.email=a@b.test"]
    workshop.says("committed")
    subprocess.run([*git, "init", "-q", "-b", "trunk"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "x"], check=True)
    subprocess.run([*git, "tag", "-am", "x", "v1"], check=True)
    workshop.says("not committed")
    source = {"git": str(workshop.folder), "ref": "trunk"}
    workshop.deploy(source=source).check()
    assert workshop.answer()["words"] == "committed"
    assert workshop.deploy(source=source).check().changed == []
    assert workshop.deploy(source=source | {"ref": "v1"}).check().changed == []
    subprocess.run([*git, "commit", "-qam", "y"], check=True)
    workshop.deploy(source=source).check()
    assert workshop.answer()["words"] == "not committed"
    workshop.deploy(source=source | {"ref": "v1"}).check()
    assert workshop.answer()["words"] == "committed"
    run = workshop.deploy(source=source | {"ref": "no-such-branch"})
    assert run.code != 0
    assert "'no-such-branch': write a branch or tag" in run.output


@pytest.mark.slow
def test_a_git_repository_over_ssh_with_a_deploy_key(workshop: Workshop, tmp_path: Path) -> None:
    server, key, nobodys = workshop.server, tmp_path / "deploy key", tmp_path / "nobody's key"
    for path in (key, nobodys):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(path)], check=True)
    server.install("git")
    server.run("useradd -m git")
    server.run("install -d -o git ~git/.ssh")
    server.run("cat > ~git/.ssh/authorized_keys", stdin=key.with_suffix(".pub").read_text())
    server.run("cd /home/git && runuser -u git -- git init -q --bare -b trunk shop.git")
    server.run(
        "cd /home/git && runuser -u git -- sh -ec 'git init -q -b trunk words && cd words &&"
        ' echo "SAID = 1" > said.py && git add . && git -c user.name=a -c user.email=a@b.test commit -qm x\''
    )
    workshop.says("over ssh", "\nfrom words.said import SAID\n")
    git = ["git", "-C", str(workshop.folder), "-c", "user.name=a", "-c", "user.email=a@b.test"]
    url = f"git@{server.address}:shop.git"
    ssh = f"ssh -i '{key}' -o UserKnownHostsFile={server.known_hosts}"
    subprocess.run([*git, "init", "-q", "-b", "trunk"], check=True)
    subprocess.run([*git, "remote", "add", "origin", url], check=False)
    add = ["-c", f"core.sshCommand={ssh}", "submodule", "--quiet", "add", "../words", "words"]
    subprocess.run([*git, *add], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "z"], check=True)
    subprocess.run([*git, "-c", f"core.sshCommand={ssh}", "push", "-q", url, "HEAD:trunk"], check=True)
    source = {"git": url, "ref": "trunk", "key": str(key), "known_hosts": str(server.known_hosts)}
    workshop.deploy(source=source).check()
    assert workshop.answer()["words"] == "over ssh"
    assert workshop.deploy(source=source).check().changed == []
    workshop.says("beside it", "\nfrom beside.words.said import SAID\n")
    shutil.rmtree(workshop.folder / "words")
    (workshop.folder / ".gitmodules").unlink()
    workshop.deploy(sources={"beside": source}).check()
    assert workshop.answer()["words"] == "beside it"
    assert server.run("grep -rl 'PRIVATE KEY' /srv /etc/gatehouse", check=False).stdout == ""
    (tmp_path / "nobody").write_text("")
    for wrong, words in (
        ({"known_hosts": str(tmp_path / "nobody")}, "Host key verification failed"),
        ({"key": str(nobodys)}, "Permission denied"),
    ):
        run = workshop.deploy(source=source | wrong)
        assert run.code != 0
        assert words in run.output
        assert "Traceback" not in run.output


def test_a_wheel(workshop: Workshop, tmp_path: Path) -> None:
    path = wheel(tmp_path, "gatehouse_origin", "1.0", APP.replace("first", "from a wheel"))
    settings: dict[str, Any] = {"source": {"wheel": str(path)}, "asgi": "gatehouse_origin.main:app"}
    workshop.deploy(**settings).check()
    assert workshop.answer()["words"] == "from a wheel"
    assert workshop.deploy(**settings).check().changed == []


@pytest.mark.slow
def test_a_project_with_a_lock_and_a_chosen_python(workshop: Workshop) -> None:
    project = ["[project]", 'name = "shop"', 'version = "1"', 'requires-python = ">=3.11"']
    lines = [*project, 'dependencies = ["h11==0.16.0"]', ""]
    (workshop.folder / "pyproject.toml").write_text("\n".join(lines))
    workshop.says("a project", "import h11\n")
    own = "import sys; print('%d.%d' % sys.version_info[:2])"
    python = workshop.server.run(f'python3 -c "{own}"').stdout.strip()
    workshop.deploy(python=python, asgi="shop.main:app").check()
    assert workshop.answer()["words"] == "a project"
    run = workshop.deploy(python="3.9")
    assert run.code != 0
    assert "cannot be built" in run.output
    (workshop.folder / "pyproject.toml").unlink()


VERSIONED = """
[build-system]
requires = ["setuptools>=77", "setuptools-scm>=8"]
build-backend = "setuptools.build_meta"

[project]
name = "the-shop"
dynamic = ["version"]

[tool.setuptools]
packages = ["shop"]

[tool.setuptools_scm]
"""


@pytest.mark.slow
def test_a_project_whose_version_comes_from_git(workshop: Workshop, tmp_path: Path) -> None:
    files = {
        "pyproject.toml": VERSIONED,
        "shop/main.py": f"{APP}\nimport importlib.metadata as m\nWORDS = m.version('the-shop')\n",
        "uvicorn/log.yaml": "",  # a folder of the server's name, which is not the server
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    git = ["git", "-C", str(tmp_path), "-c", "user.name=a", "-c", "user.email=a@b.test"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    commit = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout
    for source in ({"git": str(tmp_path)}, str(tmp_path)):
        workshop.deploy(source=source).check()
        assert workshop.answer()["words"] == f"0+g{commit[:12]}"
        assert workshop.deploy(source=source).check().changed == []


MEMBER = """
[project]
name = "{name}"
version = "1"
requires-python = ">=3.11"
dependencies = {dependencies}
"""


@pytest.mark.slow
def test_a_member_of_a_workspace_with_an_extra_and_a_group(workshop: Workshop, tmp_path: Path) -> None:
    extra = '[project.optional-dependencies]\npg = ["idna"]\n[dependency-groups]\nprod = ["sniffio"]\n'
    imports = "import h11, idna, sniffio\nimport importlib.util as u\n"
    files = {
        "pyproject.toml": '[tool.uv.workspace]\nmembers = ["services/*"]\n',
        "services/shop/pyproject.toml": MEMBER.format(name="shop", dependencies='["h11"]') + extra,
        "services/shop/main.py": f"{APP}\n{imports}WORDS = u.find_spec('wsproto') is None\n",
        "services/other/pyproject.toml": MEMBER.format(name="other", dependencies='["wsproto"]'),
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    chosen = {"extras": ["pg"], "groups": ["prod"], "package": "shop"}
    settings: dict[str, Any] = {
        "source": str(tmp_path),
        "asgi": "services.shop.main:app",
        "dependencies": chosen,
    }
    workshop.deploy(**settings).check()
    assert workshop.answer()["words"] is True
    assert workshop.deploy(**settings).check().changed == []
    # Where there is no lock, uv makes one.
    lock = workshop.server.run("cat /srv/origin/current/code/uv.lock").stdout
    (tmp_path / "uv.lock").write_text(lock)
    workshop.deploy(**settings).check()
    assert workshop.answer()["words"] is True
    run = workshop.deploy(source=str(tmp_path / "services/shop"), asgi="main:app")
    assert run.code != 0
    assert "'services/shop' is a member of a workspace" in run.output
    run = workshop.deploy(**settings | {"dependencies": chosen | {"extras": ["no-such-extra"]}})
    assert run.code != 0
    assert "Extra `no-such-extra` is not defined" in run.output


@pytest.mark.slow
def test_what_cannot_be_read_is_told_in_a_line(workshop: Workshop, tmp_path: Path) -> None:
    workshop.says("about to go")
    odd = workshop.folder / os.fsdecode(b"caf\xe9.py")
    odd.touch()
    named = workshop.deploy()
    odd.unlink()
    secret = workshop.deploy(secrets={"TOKEN": {"command": r"printf '\351'"}})
    gone = workshop.folder / "gone.py"
    gone.touch()
    meanwhile = tmp_path / "meanwhile.py"

    def deploying_while(action: str) -> Run:
        call = f"python.call(name='Meanwhile', function=lambda: {action})"
        imports = "import os, pathlib\nfrom pyinfra.operations import python"
        meanwhile.write_text(f"{imports}\n{call}\n{Path(DEPLOY).read_text()}")
        return workshop.deploy(deploy=str(meanwhile))

    edited = deploying_while(f"pathlib.Path({str(gone)!r}).write_text('# edited')")
    vanished = deploying_while(f"os.unlink({str(gone)!r})")
    for run, line in (
        (
            named,
            r"apps['origin']['source']: 'caf\udce9.py': rename it, or where it leads, to a name in UTF-8",
        ),
        (secret, "apps['origin']['secrets']['TOKEN']: the secret is not UTF-8: encode it, as base64 does"),
        (
            edited,
            f"origin: source: {str(workshop.folder)!r} has changed since the plan was made: run it again",
        ),
        (vanished, f"origin: source: cannot be read: [Errno 2] No such file or directory: {str(gone)!r}"),
    ):
        assert run.code != 0
        assert line in run.output
        assert "Traceback" not in run.output
