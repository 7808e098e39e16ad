"""What a build lacks on the server, from what it wrote."""

import pytest

from deploys.apps.onhost.lacking import remedy
from tests.apps.conftest import MakeWorkshop

QUOTED = "\N{LEFT SINGLE QUOTATION MARK}node\N{RIGHT SINGLE QUOTATION MARK}"
TOOLS = "build-essential and python3-dev"


@pytest.mark.parametrize(
    ("written", "name", "package"),
    [
        ("/bin/sh: 12: npm: not found", "npm", "npm"),
        ("/run/gatehouse/build/build.sh: 12: npm: not found", "npm", "npm"),
        ("sh: 1: exec: node: not found", "node", "nodejs"),
        ("/srv/build.sh: line 3: make: command not found", "make", TOOLS),
        ("bash: line 1: npx: command not found", "npx", "npm"),
        (f"/usr/bin/env: {QUOTED}: No such file or directory", "node", "nodejs"),
        ("env: 'node': No such file or directory", "node", "nodejs"),
        ("      error: command 'gcc' failed: No such file or directory", "gcc", TOOLS),
        ("error: command 'x86_64-linux-gnu-gcc' failed: No such file or directory", "gcc", TOOLS),
        ("error: command '/usr/bin/aarch64-linux-gnu-g++' failed: No such file or directory", "g++", TOOLS),
        ("error: [Errno 2] No such file or directory: 'x86_64-linux-gnu-gcc'", "gcc", TOOLS),
        ("unable to execute 'cc': No such file or directory", "cc", TOOLS),
        ("../meson.build:1:0: ERROR: Unknown compiler(s): [['cc'], ['gcc'], ['clang']]", "cc", TOOLS),
        ("  No CMAKE_CXX_COMPILER could be found.", "cc", TOOLS),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'cmake'", "cmake", "cmake"),
        ("shop.c:1:10: fatal error: Python.h: No such file or directory", "Python.h", "python3-dev"),
        ("a.c:2:10: fatal error: sasl/sasl.h: No such file or directory", "sasl/sasl.h", "libsasl2-dev"),
        ("Error: pg_config executable not found.", "pg_config", "libpq-dev"),
        ("  Git executable not found. Ensure that Git is installed and available.", "git", "git"),
        ("CommandError: Can't find msgfmt. Make sure you have GNU gettext tools", "msgfmt", "gettext"),
        ("error: can't find Rust compiler", "cargo", "cargo"),
        ("Package xmlsec1 was not found in the pkg-config search path.", "xmlsec1", "libxmlsec1-dev"),
        ("Package 'cairo', required by 'virtual:world', not found", "cairo", "libcairo2-dev"),
        ('meson.build:31:12: ERROR: Dependency "cairo" not found, tried pkgconfig', "cairo", "libcairo2-dev"),
    ],
)
def test_what_is_not_there_is_told_with_its_package(written: str, name: str, package: str) -> None:
    expected = f"there is no {name}: install {package} on the server by apt"
    assert remedy(["Building…", written, "hint: see above"]) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/bin/sh: 12: alembic: not found", "there is no 'alembic'"),
        ("x.c:1:1: fatal error: anvil.h: No such file or directory", "there is no 'anvil.h'"),
        ("env: 'curl-a.test/x': No such file or directory", ""),
        ("env: 'run-curl-a.test': No such file or directory", "there is no 'run-curl-a.test'"),
    ],
)
def test_a_name_that_is_not_known_is_the_build_s_and_nobody_is_told_to_install_it(
    written: str, expected: str
) -> None:
    assert remedy([written]) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1",
        "FileNotFoundError: [Errno 2] No such file or directory: 'README.md'",
        "FileNotFoundError: [Errno 2] No such file or directory: '/srv/shop/releases/1/code/git/x'",
        "/bin/sh: 12: ./build.sh: not found",
        "Package shop was not found in the registry, so not found",
    ],
)
def test_another_matter_is_left_to_the_build_s_own_words(written: str) -> None:
    assert remedy([written]) == ""


@pytest.mark.parametrize(
    "written",
    [
        "/run/gatehouse/build/build.sh: 12: pip: not found",
        "sh: 1: pip3: not found",
        "/srv/shop/releases/1/venv/bin/python: No module named pip",
    ],
)
def test_what_an_environment_of_uv_s_has_not_is_no_matter_of_debian_s(written: str) -> None:
    assert "write uv pip install, or add pip to what the app asks for" in remedy([written])


def test_the_last_that_was_not_there_counts() -> None:
    assert "pg_config" in remedy(["sh: 1: git: not found", "Error: pg_config executable not found."])


EXTENSION = {
    "tool/setup.py": 'from setuptools import Extension, setup\nsetup(name="tool", version="1",'
    ' ext_modules=[Extension("tool", ["tool.c"])])\n',
    "tool/tool.c": '#include "Python.h"\n'
    'static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "tool", 0, -1, 0};\n'
    "PyMODINIT_FUNC PyInit_tool(void) { return PyModule_Create(&module); }\n",
    "requirements.txt": "./tool\n",
}


@pytest.mark.lab
@pytest.mark.slow
def test_an_extension_in_c_is_built_once_there_is_a_compiler(make_workshop: MakeWorkshop) -> None:
    workshop = make_workshop("lacking")
    run = workshop.deploy(build=["npm ci"])
    assert run.code != 0
    ended = "release 1 cannot be built, it ended with 127"
    assert f"{ended}: there is no npm: install npm on the server by apt" in run.output
    for name, content in EXTENSION.items():
        (workshop.folder / name).parent.mkdir(exist_ok=True)
        (workshop.folder / name).write_text(content)
    workshop.says("compiled", "\nimport tool\n")
    run = workshop.deploy()
    assert run.code != 0
    assert f"gcc: install {TOOLS} on the server by apt" in run.output
    workshop.server.install(*TOOLS.split(" and "))
    workshop.deploy().check()
    assert workshop.answer()["words"] == "compiled"
