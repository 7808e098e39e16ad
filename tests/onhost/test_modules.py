"""What the modules that run on the host may do: a table of rules, each module held against each of them."""

import ast
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "deploys").glob("**/onhost/*.py"))
TOOLBOX = "deploys/onhost"
_STARTS_PROGRAMS = {"subprocess", "pty", "multiprocessing"}
_OS_STARTS_PROGRAMS = ("system", "popen", "exec", "spawn", "posix_spawn", "fork")
_STARTING = {"attached", "attempt", "output", "awaited"}
_BY_PATH = {
    ("shutil", "rmtree"),
    ("shutil", "chown"),
    ("os", "walk"),
    ("os", "chown"),
    ("os", "lchown"),
    ("tempfile", "mkstemp"),
    ("tempfile", "mktemp"),
}
"""What follows whatever lies on the way; `deploys.onhost.files` and `removal` do the same by descriptors."""


OF_APPS = ROOT / "deploys/apps/onhost"
OF_THE_KERNEL = {"sockets.py", "status.py"}
"""What they read is in /proc and /sys, where nobody can put anything."""
BY_DESCRIPTORS = {"copying.py", "disown.py", "persist.py", "times.py"}
"""What goes from one descriptor to the next by itself."""
_READS = {
    "chmod",
    "copy",
    "copy2",
    "copyfile",
    "copytree",
    "iterdir",
    "listdir",
    "open",
    "read_bytes",
    "read_text",
}
_READS |= {"rglob", "scandir"}


def described(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports do not travel"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Give what is called, as the name of a module and what it has; a method of anything else has no name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr


@pytest.fixture(params=MODULES, ids=described)
def module(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def tree(module: Path) -> ast.Module:
    return ast.parse(module.read_text())


def test_it_needs_nothing_but_the_standard_library_and_its_like(tree: ast.Module, module: Path) -> None:
    for name in imported(tree):
        if name.startswith("deploys."):
            place = ".".join(name.split(".")[:-1])
            assert ".onhost" in place, f"{described(module)} imports {name}, which does not run on a host"
        else:
            assert name.split(".")[0] in sys.stdlib_module_names, f"{described(module)} imports {name}"


def test_programs_are_started_by_the_toolbox_alone(tree: ast.Module, module: Path) -> None:
    if described(module) == f"{TOOLBOX}/run.py":
        return
    starting = {name.split(".")[0] for name in imported(tree)} & _STARTS_PROGRAMS
    starting |= {
        f"os.{name}" for owner, name in calls(tree) if owner == "os" and name.startswith(_OS_STARTS_PROGRAMS)
    }
    assert not starting, f"{described(module)} uses {starting}: use deploys.onhost.run"


def test_nothing_is_taken_over_or_removed_by_its_path(tree: ast.Module, module: Path) -> None:
    if module.parent == ROOT / TOOLBOX:
        return
    used = {f"{owner}.{name}" for owner, name in calls(tree) if (owner, name) in _BY_PATH}
    assert not used, f"{described(module)} uses {used}: use deploys.onhost.files, or removal"


def test_nothing_of_an_apps_is_read_by_its_path(tree: ast.Module, module: Path) -> None:
    if module.parent != OF_APPS or module.name in OF_THE_KERNEL | BY_DESCRIPTORS:
        return
    used = {
        f"line {node.lineno}: {node.func.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _READS
        if not (isinstance(node.func.value, ast.Name) and node.func.value.id == "files")
    }
    assert not used, f"{described(module)} uses {used}: use deploys.onhost.files"


def test_programs_have_absolute_paths(tree: ast.Module, module: Path) -> None:
    """Where the path is written down; what is worked out is refused by `run` itself."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not node.args:
            continue
        owner, first = node.func.value, node.args[0]
        starts = isinstance(owner, ast.Name) and owner.id == "run" and node.func.attr in _STARTING
        if starts and isinstance(first, ast.Constant):
            where = f"{described(module)}:{node.lineno}"
            assert isinstance(first.value, str), where
            assert first.value.startswith("/"), f"{where}: {first.value}: write its absolute path"


def test_what_strangers_have_written_is_not_read_whole(tree: ast.Module, module: Path) -> None:
    """A unit's words may be more than there is memory; `deploys.onhost.journal` reads the last of them."""
    if described(module) == f"{TOOLBOX}/journal.py":
        return
    named = [line for line, text in constants(tree) if text.startswith("/") and text.endswith("/journalctl")]
    assert not named, f"{described(module)}: lines {named} call journalctl: use deploys.onhost.journal"


def test_python_is_started_isolated(tree: ast.Module, module: Path) -> None:
    """Else it looks for modules in the directory that whoever logs in is in, and in variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call | ast.Tuple):
            words = [ast.unparse(each) for each in (node.args if isinstance(node, ast.Call) else node.elts)]
            for program, option in pairwise(words):
                if "python" in program and option.startswith("'-"):
                    assert option == "'-I'", f"{described(module)}:{node.lineno}: write -I after {program}"


def constants(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
