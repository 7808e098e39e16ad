"""The Python that the user chooses: another of the machine's, one that uv fetches, or one that nobody has."""

import json
from collections.abc import Iterator

import pytest

from tests.apps.workshop import Workshop
from tests.lab import Lab

pytestmark = [pytest.mark.lab, pytest.mark.slow]

TELLS_ITS_PYTHON = """
import h11
WORDS = "%d.%d in %s" % (*sys.version_info[:2], os.path.dirname(os.path.realpath(sys.executable)))
"""
APT = "DEBIAN_FRONTEND=noninteractive apt-get -qq -y"
MIRROR = "/srv/mirror"


@pytest.fixture(scope="module")
def workshop(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """An app on Debian's testing release, which has several Pythons at a time."""
    server = lab.up("apps-testing", debian="forky")
    folder = tmp_path_factory.mktemp("several")
    workshop = Workshop(lab, server, folder, "several", 10010)
    (folder / "requirements.txt").write_text("h11==0.16.0\n")
    workshop.says("", TELLS_ITS_PYTHON)
    workshop.deploy().check()
    return workshop


@pytest.fixture(scope="module")
def other(workshop: Workshop) -> str:
    """The oldest Python in the archive, which is not the machine's own, and not there yet."""
    names = workshop.server.run("apt-cache search --names-only '^python3[.][0-9]+$' | cut -d' ' -f1").stdout
    own = workshop.answer()["words"].split()[0]
    oldest = min((name.removeprefix("python") for name in names.split()), key=lambda name: int(name[2:]))
    assert oldest != own
    return oldest


def asks_for(workshop: Workshop, how: str) -> None:
    """Have the app name its one dependency in requirements.txt, or in pyproject.toml."""
    project = ["[project]", 'name = "shop"', 'version = "1"', 'requires-python = ">=3.11"']
    files = {
        "requirements.txt": "h11==0.16.0\n",
        "pyproject.toml": "\n".join([*project, 'dependencies = ["h11==0.16.0"]', ""]),
    }
    for name in files:
        (workshop.folder / name).unlink(missing_ok=True)
    (workshop.folder / how).write_text(files[how])


@pytest.mark.parametrize(
    ("file", "content", "asked"),
    [
        (".python-version", "3.99\n", "3.99"),
        ("setup.cfg", "[options]\npython_requires = >=3.99\n", ">=3.99"),
        ("runtime.txt", "python-3.99.1\n", "3.99.1"),
        (".tool-versions", "python 3.99.1\n", "3.99.1"),
        (
            "pyproject.toml",
            '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "~3.97 || ~3.99"\n',
            ">=3.97,<3.98 || >=3.99,<3.100",
        ),
        ("pyproject.toml", '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.99"\n', ">=3.99"),
    ],
)
def test_a_project_that_asks_for_a_python_that_nobody_has(
    workshop: Workshop, file: str, content: str, asked: str
) -> None:
    before = workshop.answer()
    (workshop.folder / file).write_text(content)
    run = workshop.deploy()
    (workshop.folder / file).unlink()
    assert run.code != 0
    assert (
        f"{file} asks for Python {asked}, which this server does not have and uv cannot fetch" in run.output
    )
    assert "by the app's key python" in run.output
    assert workshop.answer() == before


@pytest.mark.parametrize("how", ["requirements.txt", "pyproject.toml"])
def test_a_python_that_nobody_has(workshop: Workshop, other: str, how: str) -> None:
    before = workshop.answer()
    asks_for(workshop, how)
    run = workshop.deploy(python="3.99")
    assert run.code != 0
    assert "No interpreter found for Python 3.99" in run.output
    assert "Traceback" not in run.output
    assert workshop.answer() == before


@pytest.fixture(scope="module")
def has_other(workshop: Workshop, other: str) -> None:
    workshop.server.install(f"python{other}")


@pytest.mark.usefixtures("has_other")
@pytest.mark.parametrize("how", ["requirements.txt", "pyproject.toml"])
def test_another_python_of_the_machine(workshop: Workshop, other: str, how: str) -> None:
    asks_for(workshop, how)
    workshop.deploy(python=other).check()
    assert workshop.answer()["words"] == f"{other} in /usr/bin"
    assert workshop.deploy(python=other).check().changed == []
    workshop.deploy().check()
    assert workshop.answer()["words"].endswith(" in /usr/bin")
    assert not workshop.answer()["words"].startswith(other)


@pytest.mark.usefixtures("has_other")
def test_of_the_alternatives_that_poetry_has_one_that_is_there(workshop: Workshop, other: str) -> None:
    asks_for(workshop, "requirements.txt")
    constraint = f"~{other} || ~3.99"
    (workshop.folder / "pyproject.toml").write_text(f'[tool.poetry.dependencies]\npython = "{constraint}"\n')
    run = workshop.deploy(dependencies={"listed_in": "requirements.txt"})
    (workshop.folder / "pyproject.toml").unlink()
    run.check()
    assert workshop.answer()["words"] == f"{other} in /usr/bin"
    assert "No interpreter found" not in run.output


@pytest.fixture
def only_in_a_mirror(workshop: Workshop, other: str, has_other: None) -> Iterator[None]:
    """The other Python, no more on the machine, but packed as uv fetches it, where uv is told to look."""
    server = workshop.server
    full = server.run(f"python{other} -c 'import platform; print(platform.python_version())'").stdout.strip()
    major, minor, patch = full.split(".")
    server.run(
        f"mkdir -p {MIRROR}/python/bin {MIRROR}/python/lib && cd {MIRROR}"
        f" && cp /usr/bin/python{other} python/bin && cp -rL /usr/lib/python{other} python/lib"
        " && tar -czf python.tar.gz python"
        f" && {APT} purge python{other} 'libpython{other}*' < /dev/null && ! which python{other}"
    )
    machine = server.run("uname -m").stdout.strip()
    download = {
        "name": "cpython",
        "arch": {"family": machine, "variant": None},
        "os": "linux",
        "libc": "gnu",
        "major": int(major),
        "minor": int(minor),
        "patch": int(patch),
        "prerelease": "",
        "url": "http://127.0.0.1:10099/python.tar.gz",
        "sha256": server.run(f"sha256sum {MIRROR}/python.tar.gz").stdout.split()[0],
        "variant": None,
    }
    server.run(
        f"cat > {MIRROR}/downloads.json",
        stdin=json.dumps({f"cpython-{full}-linux-{machine}-gnu": download}),
    )
    server.run("cp /etc/uv/uv.toml /etc/uv/uv.toml.was")
    server.run(f"""echo 'python-downloads-json-url = "{MIRROR}/downloads.json"' >> /etc/uv/uv.toml""")
    server.run(f"systemd-run --unit=mirror python3 -m http.server --bind 127.0.0.1 -d {MIRROR} 10099")
    yield
    server.run("mv /etc/uv/uv.toml.was /etc/uv/uv.toml; systemctl stop mirror")


@pytest.mark.usefixtures("only_in_a_mirror")
def test_a_python_that_uv_fetches(workshop: Workshop, other: str) -> None:
    for how in ("requirements.txt", "pyproject.toml"):
        asks_for(workshop, how)
        workshop.deploy(python=other, reach=["localhost:10099"]).check()
        number = workshop.answer()["environment"]["GATEHOUSE_RELEASE"]
        home = f"/srv/several/releases/{number}/python/"
        assert workshop.answer()["words"].startswith(f"{other} in {home}")
        assert workshop.deploy(python=other, reach=["localhost:10099"]).check().changed == []
