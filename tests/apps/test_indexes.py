"""Package indexes of a user's own: behind a private CA, and behind a login that nobody else gets to see."""

import netrc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploys.apps.indexes import read_logins
from deploys.config.sources import Indexes
from deploys.refusal import Refusal
from tests.apps.conftest import MakeWorkshop
from tests.apps.packages import PackageIndex, package_index, wheel
from tests.apps.workshop import APP, Workshop

VALUE = r"""sesame2 "quoted" \\ #$%&' end"""


def indexes(url: str, path: Path, **more: Any) -> dict[str, Any]:
    return {"extra": [{"url": url, "user": "shop", "password": {"file": str(path)}}], **more}


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1))
def test_a_password_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, word: str) -> None:
    path = tmp_path_factory.mktemp("netrc") / "password"
    path.write_text(word)
    settings = Indexes.model_validate(indexes("https://packages.example.com/simple", path))
    (path.parent / "netrc").write_text(read_logins(settings, "indexes"))
    found = netrc.netrc(str(path.parent / "netrc")).authenticators("packages.example.com")
    assert found == ("shop", "", word)


@pytest.mark.parametrize("word", ["two\nlines", "passé", "tab\tbed"])
def test_a_password_that_clients_would_send_differently_is_refused(tmp_path: Path, word: str) -> None:
    (tmp_path / "password").write_text(word)
    settings = Indexes.model_validate(indexes("https://packages.example.com/simple", tmp_path / "password"))
    with pytest.raises(Refusal) as refusal:
        read_logins(settings, "indexes")
    assert str(refusal.value).startswith("indexes['extra'][0]['password']: the password has a line break")
    assert word not in str(refusal.value)


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    return make_workshop("packed")


@pytest.fixture
def index(workshop: Workshop, tmp_path: Path) -> Iterator[PackageIndex]:
    address = workshop.server.run("ip route show default").stdout.split()[2]
    packages = tmp_path / "simple" / "gatehouse-origin"
    packages.mkdir(parents=True)
    for version in ("1.2", "1.3"):
        wheel(packages, "gatehouse_origin", version, APP.replace("first", f"version {version}"))
    workshop.lab.set_name("packages.test", address)
    with package_index(tmp_path, "packages.test", address) as index:
        yield index


@pytest.fixture
def password(index: PackageIndex, tmp_path: Path) -> Path:
    """The file with the password that the index wants."""
    index.login = f"shop:{VALUE}"
    path = tmp_path / "password.txt"
    path.write_text(f"{VALUE}\n")
    return path


SEEN_BY_ANYBODY = """
ps axwwe
systemctl show gatehouse-packed-build.service
systemctl cat gatehouse-packed-build.service
grep -rs sesame[2] /etc /opt /run /srv /tmp /var
"""


def uses(workshop: Workshop, version: str) -> None:
    """Have the app answer with what the package says."""
    workshop.says("", "\nimport gatehouse_origin.main\nWORDS = gatehouse_origin.main.WORDS\n")
    (workshop.folder / "requirements.txt").write_text(f"gatehouse-origin=={version}\n")


@pytest.mark.lab
def test_a_login_goes_to_the_index_and_nowhere_else(
    workshop: Workshop, index: PackageIndex, password: Path
) -> None:
    seen: list[str] = []
    look = ["runuser", "-u", "nobody", "--", "sh", "-c", f"'{SEEN_BY_ANYBODY}'"]
    index.asked = lambda: seen.append(workshop.server.run(" ".join(look), check=False).stdout)
    settings: dict[str, Any] = {"indexes": indexes(index.url, password, ca_bundle=str(index.bundle))}
    uses(workshop, "1.2")
    run = workshop.deploy("-v", "--diff", **settings).check()
    assert workshop.answer()["words"] == "version 1.2"
    assert seen
    assert "gatehouse-packed-build" in seen[0]
    assert "sesame2" not in run.output + "".join(seen)
    left = "grep -rsl sesame2 /etc /opt /root /run /srv /tmp /usr/local /var"
    assert workshop.server.run(left, check=False).stdout == ""
    assert workshop.deploy(**settings).check().changed == []


@pytest.mark.lab
@pytest.mark.slow
def test_a_wrong_password_changes_nothing(workshop: Workshop, index: PackageIndex, password: Path) -> None:
    settings: dict[str, Any] = {"indexes": indexes(index.url, password, ca_bundle=str(index.bundle))}
    uses(workshop, "1.2")
    workshop.deploy(**settings).check()
    before = workshop.answer()["pid"]
    uses(workshop, "1.3")
    password.write_text("sesame3")
    run = workshop.deploy(**settings)
    assert run.code != 0
    assert "packed: release" in run.output
    assert f"An index URL ({index.url}) could not be queried due to a lack of valid" in run.output
    assert "sesame" not in run.output
    assert "Traceback" not in run.output
    assert workshop.answer()["pid"] == before
    password.write_text(VALUE)
    workshop.deploy(**settings).check()
    assert workshop.answer()["words"] == "version 1.3"


@pytest.mark.lab
@pytest.mark.slow
def test_a_project_and_its_lock(
    workshop: Workshop, index: PackageIndex, password: Path, tmp_path: Path
) -> None:
    settings: dict[str, Any] = {"indexes": indexes(index.url, password, ca_bundle=str(index.bundle))}
    source = tmp_path / "project"
    (source / "shop").mkdir(parents=True)
    imports = "\nimport gatehouse_origin.main\nWORDS = gatehouse_origin.main.WORDS\n"
    (source / "shop" / "main.py").write_text(APP + imports)
    lines = ["[project]", 'name = "shop"', 'version = "1"', 'requires-python = ">=3.11"']
    (source / "pyproject.toml").write_text(
        "\n".join([*lines, 'dependencies = ["gatehouse-origin==1.2"]', ""])
    )
    workshop.deploy(source=str(source), **settings).check()
    assert workshop.answer()["words"] == "version 1.2"

    lock = locked(workshop, index, settings["indexes"], (source / "pyproject.toml").read_text())
    assert index.url in lock
    assert "sesame2" not in lock
    (source / "uv.lock").write_text(lock)
    run = workshop.deploy("--diff", source=str(source), **settings).check()
    assert "and install what uv.lock says" in run.output
    assert workshop.answer()["words"] == "version 1.2"
    assert "sesame2" not in run.output


def locked(workshop: Workshop, index: PackageIndex, wanted: dict[str, Any], project: str) -> str:
    """Have uv lock a project, as whoever works on it does."""
    files = {
        "netrc": read_logins(Indexes.model_validate(wanted), "indexes"),
        "ca.pem": index.bundle.read_text(),
        "pyproject.toml": project,
    }
    for name, content in files.items():
        workshop.server.run(f"mkdir -p /root/locked && cat > /root/locked/{name}", stdin=content)
    variables = f"NETRC=/root/locked/netrc SSL_CERT_FILE=/root/locked/ca.pem UV_DEFAULT_INDEX={index.url}"
    uv = "uv=$(ls -d /opt/gatehouse/uv/bin/uv /opt/gatehouse/uv/*/bin/uv 2>/dev/null | tail -n 1)"
    try:
        workshop.server.run(f"{uv}; cd /root/locked && env {variables} $uv lock --no-config --no-cache")
        return workshop.server.run("cat /root/locked/uv.lock").stdout
    finally:
        workshop.server.run("rm -r /root/locked")


@pytest.mark.lab
@pytest.mark.slow
def test_an_index_instead_of_the_public_one_brings_uv_too(
    workshop: Workshop, index: PackageIndex, password: Path
) -> None:
    uses(workshop, "1.3")
    login = {"url": index.url, "user": "shop", "password": {"file": str(password)}}
    settings: dict[str, Any] = {"indexes": {"default": login, "ca_bundle": str(index.bundle)}}
    workshop.server.run("rm -r /opt/gatehouse/uv", check=False)
    password.write_text("sesame3")
    run = workshop.deploy(**settings)
    assert run.code != 0
    assert "cannot install uv" in run.output
    assert "401 Client Error: Unauthorized for url" in run.output
    assert "sesame" not in run.output
    assert "Traceback" not in run.output
    password.write_text(VALUE)
    workshop.deploy(**settings).check()
    assert workshop.answer()["words"] == "version 1.3"


@pytest.mark.lab
@pytest.mark.slow
def test_a_package_from_an_index_behind_a_private_ca(workshop: Workshop, index: PackageIndex) -> None:
    settings: dict[str, Any] = {
        "source": {"package": "gatehouse-origin==1.2"},
        "asgi": "gatehouse_origin.main:app",
    }
    refused = workshop.deploy(**settings, indexes={"extra": [index.url]})
    assert refused.code != 0
    assert "certificate" in refused.output
    workshop.deploy(**settings, indexes={"extra": [index.url], "ca_bundle": str(index.bundle)}).check()
    assert workshop.answer()["words"] == "version 1.2"
