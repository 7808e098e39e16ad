"""Every kind of source, and indexes behind a private CA, from the controller to a running app."""

import base64
import functools
import hashlib
import http.server
import ssl
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import APP, Workshop

pytestmark = pytest.mark.lab


def wheel(folder: Path, name: str, version: str, source: str) -> Path:
    """Write a wheel with one module of the package's own name."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/main.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as packed:
        rows = []
        for file, content in files.items():
            packed.writestr(file, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{file},sha256={digest},{len(content.encode())}\n")
        packed.writestr(f"{info}/RECORD", "".join([*rows, f"{info}/RECORD,,\n"]))
    return path


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("origin")


@pytest.fixture
def index(workshop: Workshop, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A package index of the controller's, behind a certificate of a private CA."""
    address = workshop.server.run("ip route show default").stdout.split()[2]
    ca = trustme.CA()
    bundle = tmp_path / "ca.pem"
    ca.cert_pem.write_to_path(bundle)
    packages = tmp_path / "simple" / "gatehouse-origin"
    packages.mkdir(parents=True)
    file = wheel(packages, "gatehouse_origin", "1.2", APP.replace("first", "from the index"))
    (packages / "index.html").write_text(f'<a href="{file.name}">{file.name}</a>')
    (tmp_path / "simple" / "index.html").write_text('<a href="gatehouse-origin/">gatehouse-origin</a>')
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer((address, 0), handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(address).configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://{address}:{server.server_port}/simple", bundle
    server.shutdown()
    thread.join()
    server.server_close()


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
    server, key = workshop.server, tmp_path / "deploy key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    server.run("DEBIAN_FRONTEND=noninteractive apt-get install -qq -y git < /dev/null; useradd -m git")
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
    assert server.run("grep -rl 'PRIVATE KEY' /srv /etc/gatehouse", check=False).stdout == ""
    (tmp_path / "nobody").write_text("")
    for wrong, words in (
        ({"known_hosts": str(tmp_path / "nobody")}, "Host key verification failed"),
        ({"key": str(server.known_hosts)}, "Permission denied"),
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
def test_a_package_from_an_index_behind_a_private_ca(workshop: Workshop, index: tuple[str, Path]) -> None:
    url, bundle = index
    settings: dict[str, Any] = {
        "source": {"package": "gatehouse-origin==1.2"},
        "asgi": "gatehouse_origin.main:app",
    }
    refused = workshop.deploy(**settings, indexes={"extra": [url]})
    assert refused.code != 0
    assert "certificate" in refused.output
    workshop.deploy(**settings, indexes={"extra": [url], "ca_bundle": str(bundle)}).check()
    assert workshop.answer()["words"] == "from the index"


@pytest.mark.slow
def test_a_project_with_a_lock_and_a_chosen_python(workshop: Workshop) -> None:
    project = ["[project]", 'name = "shop"', 'version = "1"', 'requires-python = ">=3.11"']
    lines = [*project, 'dependencies = ["h11==0.16.0"]', ""]
    (workshop.folder / "pyproject.toml").write_text("\n".join(lines))
    workshop.says("a project", "import h11\n")
    workshop.deploy(python="3.11", asgi="shop.main:app").check()
    assert workshop.answer()["words"] == "a project"
    run = workshop.deploy(python="3.9")
    assert run.code != 0
    assert "cannot be built" in run.output
    (workshop.folder / "pyproject.toml").unlink()


@pytest.mark.slow
def test_a_factory(workshop: Workshop) -> None:
    workshop.says("made", "\ndef create():\n    return app\n")
    for server in ("uvicorn", "hypercorn"):
        workshop.deploy(asgi="shop.main:create()", server=server).check()
        assert workshop.answer()["words"] == "made"
