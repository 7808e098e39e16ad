"""A real registry, with a certificate and a login, and an app that is an image in it."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.containers import image
from tests.containers.workshop import APP, SERVE
from tests.lab import Lab, Server

pytestmark = [pytest.mark.lab, pytest.mark.slow]

USER, PASSWORD = "ci", "swordfish of the registry"
CONFIGURATION = """\
version: 0.1
storage: {filesystem: {rootdirectory: /var/lib/docker-registry}}
http: {addr: ":443", tls: {certificate: /etc/docker/registry/pem, key: /etc/docker/registry/key}}
auth: {htpasswd: {realm: registry, path: /etc/docker/registry/htpasswd}}
"""
SET_UP = f"""
export DEBIAN_FRONTEND=noninteractive
apt-get install -qq --no-install-recommends docker-registry apache2-utils openssl
cd /etc/docker/registry
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$name -addext subjectAltName=DNS:$name \
  -keyout key -out pem 2>/dev/null
chmod 644 key
cp pem /usr/local/share/ca-certificates/registry.crt && update-ca-certificates >/dev/null 2>&1
htpasswd -Bbn {USER} '{PASSWORD}' > htpasswd
systemctl stop docker-registry
systemd-run --quiet --unit=registry docker-registry serve /etc/docker/registry/config.yml
"""
PUSH = f"""
podman="podman --storage-driver=vfs --root=/var/tmp/pushing --runroot=/run/pushing"
$podman load --quiet --input /root/shop.tar >&2
$podman push --quiet --creds '{USER}:{PASSWORD}' --digestfile /root/digest \
  localhost/shop:1 $name/team/shop:1 >&2
$podman rmi --all --force >&2
cat /root/digest
"""


@dataclass(frozen=True)
class Registry:
    server: Server
    folder: Path

    @property
    def name(self) -> str:
        return f"registry.{self.server.name}.test"

    def run(self, script: str) -> str:
        """Run a script that speaks of the registry by `$name`."""
        return self.server.run(f"name={self.name}\n{script}").stdout

    def push(self, words: str) -> str:
        """Push an image whose app answers with these words, and give the name by which it is pulled."""
        file = image.archive(
            self.folder / "pushed.tar", {"main.py": APP.replace('"first"', repr(words)) + SERVE}
        )
        self.server.run("base64 -d > /root/shop.tar", stdin=base64.b64encode(file.read_bytes()).decode())
        return f"{self.name}/team/shop@{self.run(PUSH).strip()}"


@pytest.fixture(scope="module")
def registry(lab: Lab, apps_server: Server, shop: Workshop, tmp_path_factory: Any) -> Iterator[Registry]:
    """A registry at the server's own address, where every app may connect; podman is there by then."""
    found = Registry(apps_server, Path(tmp_path_factory.mktemp("registry")))
    lab.set_name(found.name, str(apps_server.address), str(apps_server.address6))
    apps_server.run("mkdir -p /etc/docker/registry")
    apps_server.run(f"cat > /etc/docker/registry/config.yml <<'END'\n{CONFIGURATION}END")
    found.run(SET_UP)
    yield found
    lab.remove_name(found.name)


def test_it_is_pulled_with_a_login_and_by_nobody_else(
    registry: Registry, make_workshop: MakeWorkshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_PASSWORD", PASSWORD)
    workshop = make_workshop("pulled")
    login = {"user": USER, "password": {"env": "REGISTRY_PASSWORD"}}
    first, second = registry.push("first"), registry.push("second")

    refused = workshop.deploy(source={"image": first})
    assert refused.code != 0
    assert "authentication required" in refused.output, refused.output
    assert workshop.running() == []

    for reference, words in ((first, "first"), (second, "second")):
        source = {"image": reference, "login": login}
        run = workshop.deploy("-v", "--diff", source=source).check()
        assert f"install the image {reference}" in run.output
        assert PASSWORD not in run.output
        assert workshop.answer()["words"] == words
        assert workshop.deploy(source=source).check().changed == []
    look = f"grep -rsl -e '{PASSWORD}' -e '\"auths\"' /srv /run /var/tmp --exclude-dir=code"
    assert registry.server.run(look, check=False).stdout == ""

    nowhere = second[:-4] + ("0000" if not second.endswith("0000") else "1111")
    gone = workshop.deploy(source={"image": nowhere, "login": login})
    assert gone.code != 0
    assert "manifest unknown" in gone.output, gone.output
    assert workshop.answer()["words"] == "second"
