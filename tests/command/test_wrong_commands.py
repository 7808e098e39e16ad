"""A command that cannot be meant ends with one line that says what would be right, and with code 2."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.command.clone import ROOT, Clone
from tests.command.wrong import SETTINGS, SITE, Case, check

CASES = {
    "an unknown flag": Case(
        ("site", "prod", "--limt", "web1"), "site: --limt is unknown; did you mean --limit?"
    ),
    "no verb": Case(
        (),
        "what is to be done? Write one of: site, status, rollback, run, renew, advise, verify, report, "
        "maintenance, alert, backup, forget, uninstall",
    ),
    "a misspelt verb": Case(("stats", "prod"), "'stats' is nothing to do; did you mean status?"),
    "a verb unlike any": Case(
        ("deploy-it-all", "prod"),
        "'deploy-it-all' is nothing to do; there are: advise, alert, backup, completion, forget, "
        "maintenance, renew, report, rollback, run, site, status, uninstall, verify",
    ),
    "inventory and verb swapped": Case(
        ("prod", "site"), "'prod' is nothing to do; write what is to be done first: gatehouse site prod"
    ),
    "yes to a dry run": Case(
        (*SITE, "-y", "--dry"), "site: --dry and --yes exclude each other; leave one of them out"
    ),
    "a diff of what is done": Case(
        (*SITE, "--diff"), "site: --diff shows what a dry run would change; add --dry"
    ),
    "data without a value": Case((*SITE, "--data", "again"), "site: --data again: write KEY=VALUE"),
    "data without a key": Case((*SITE, "--data", "=yes"), "site: --data =yes: write KEY=VALUE"),
    "an unknown word of data": Case(
        ("site", "prod", "--yes", "--data", "agian=yes"),
        "--data agian: unknown; did you mean 'again'? this deploy takes again",
        SETTINGS,
    ),
    "a password on the command line": Case(
        ("status", "prod", "--data", "_sudo_password=hunter2"),
        "--data _sudo_password: others can read a command line; set _sudo_password beside _sudo, best from "
        "the environment, as os.environ.get('SUDO_PASSWORD'), or let sudo there ask for none (NOPASSWD)",
        SETTINGS,
    ),
    "a site of a report by its former word": Case(
        ("report", "prod", "--of", "www.gatehouse.test"), "report: --of is called --site now"
    ),
    "a site to renew by its former word": Case(
        ("renew", "prod", "--only=www.gatehouse.test"), "renew: --only is called --site now"
    ),
    "a mistyped inventory": Case(
        ("site", "prodd"), "there is no inventory 'prodd' in inventories/; did you mean prod?"
    ),
    "an inventory unlike any": Case(
        ("site", "live"), "there is no inventory 'live' in inventories/; there are: prod"
    ),
    "a mistyped path": Case(
        ("site", "inventories/pord.py"),
        "there is no file 'inventories/pord.py' in inventories/; did you mean prod?",
    ),
    "a bare host name": Case(
        ("site", "web1.example.com"),
        "there is no inventory 'web1.example.com' in inventories/; there are: prod",
    ),
    "a deploy as inventory": Case(
        ("site", "deploys/site.py"), "deploys/site.py is a deploy; name an inventory instead, there are: prod"
    ),
    "another file as inventory": Case(
        ("site", "hosts.txt"),
        "hosts.txt: an inventory is a Python file, whose name ends in .py",
        {"hosts.txt": "web1\n"},
    ),
    "a limit to nobody": Case(
        (*SITE, "--limit", "web9"), "--limit web9: matches no host of prod; there are: @fake/web1, @fake/web2"
    ),
    "a limit to nothing": Case(
        (*SITE, "--limit", ""), "--limit '': matches no host of prod; there are: @fake/web1, @fake/web2"
    ),
    "one limit of two to nobody": Case(
        (*SITE, "--limit", "@fake/web1", "--limit", "db"),
        "--limit db: matches no host of prod; there are: @fake/web1, @fake/web2",
    ),
    "an exclusion of nobody": Case(
        (*SITE, "--exclude", "db"), "--exclude db: matches no host of prod; there are: @fake/web1, @fake/web2"
    ),
    "an exclusion of all": Case((*SITE, "--exclude", "@fake/*"), "--exclude: leaves no host of prod"),
    "a mistake of our own": Case(
        ("status", "prod", "--limit", "@fake/web1"),
        "@fake/web1: a mistake of gatehouse's own: deploys/status.py:1: ZeroDivisionError: division by zero; "
        "please report it",
        {"deploys/status.py": "1 / 0\n"},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_command(ready_clone: Clone, case: Case) -> None:
    check(ready_clone, case)


@pytest.mark.parametrize("name", ["no verb", "an exclusion of all", "a mistake of our own"])
def test_a_process_from_its_start_says_the_same(clone: Clone, name: str) -> None:
    check(clone, CASES[name])


def test_it_works_from_any_directory(clone: Clone, tmp_path: Path) -> None:
    ended = clone.run(*SITE, "--limit", "nobody", folder=tmp_path)
    assert ended.lines == [
        "gatehouse: --limit nobody: matches no host of prod; there are: @fake/web1, @fake/web2"
    ]


def test_it_works_by_a_link(clone: Clone, tmp_path: Path) -> None:
    link = Clone(tmp_path)
    (tmp_path / "gatehouse").symlink_to(clone.root / "gatehouse")
    assert "did you mean prod?" in link.run("site", "prodd").errors


@pytest.mark.parametrize(
    ("target", "line"),
    [
        (None, "pyinfra_cli is not installed"),
        ("/nonexistent/python", "{python} cannot be started (No such file or directory)"),
        ("/dev/null", "{python} cannot be started (Permission denied)"),
    ],
)
def test_an_environment_that_is_none(clone: Clone, tmp_path: Path, target: str | None, line: str) -> None:
    for name in ("gatehouse", "deploys", "inventories"):
        (tmp_path / name).symlink_to(clone.root / name)
    script = tmp_path / "gatehouse"
    script.unlink()
    script.write_bytes((clone.root / "gatehouse").read_bytes())
    python = tmp_path / ".venv" / "bin" / "python"
    if target:
        python.parent.mkdir(parents=True)
        python.symlink_to(target)
    done = subprocess.run(
        [sys.base_prefix + "/bin/python3", "-I", "-S", script, *SITE],
        capture_output=True,
        text=True,
        check=False,
    )
    told = line.format(python=python)
    assert done.stderr == f"gatehouse: {told}; run: make -C {tmp_path} venv\n"
    assert done.returncode == 2


def test_settings_that_are_refused(clone: Clone) -> None:
    clone.write({"group_data/prod.py": 'acme = {"email": "ops"}\n'})
    ended = clone.run(*SITE)
    assert ended.code == 2
    assert [line for line in ended.lines if "acme['email']" in line] != []
    assert "Traceback" not in ended.errors


@pytest.mark.parametrize(
    "verb",
    [
        "",
        "site",
        "status",
        "rollback",
        "renew",
        "verify",
        "report",
        "maintenance",
        "alert",
        "backup",
        "forget",
        "uninstall",
        "completion",
    ],
)
def test_help(ready_clone: Clone, verb: str) -> None:
    ended = ready_clone.run(*filter(None, [verb, "--help"]))
    assert ended.code == 0
    assert ended.output.startswith(f"usage: gatehouse {verb}".rstrip())
    assert "Exit codes" in ended.output or verb == "completion"
    assert ended.errors == ""


def test_pyinfra_given_a_deploy_for_an_inventory() -> None:
    pyinfra = Path(sys.executable).with_name("pyinfra")
    done = subprocess.run(
        [pyinfra, "deploys/site.py", "inventories/prod.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "this is a deploy, which pyinfra took for an inventory; write that first" in done.stderr
    assert "Traceback" not in done.stderr
