"""A command line of pyinfra's own that cannot be meant ends with one line, too, and is no success."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.command.clone import COLOUR, ROOT, Clone
from tests.command.test_wrong_inventories import RIGHT
from tests.command.wrong import inventory
from tests.ready import Ready

PROD, SITE = "inventories/prod.py", "deploys/site.py"
APT = "from pyinfra.api import deploy\nfrom pyinfra.operations import apt\n\n\n"
PLAIN = 'hosts = ["@local"]\n'
NAMES = "advise, alert, backup, forget, maintenance, renew, report, rollback, run, site, status, "
NAMES += "uninstall, verify"


class Case(NamedTuple):
    """A wrong command line, and the line that it ends with."""

    words: str
    line: str
    files: dict[str, str] = {}
    typed: str = ""


CASES = {
    "a mistyped inventory": Case(
        f"-y inventories/prdo.py {SITE}",
        "there is no file 'inventories/prdo.py' in inventories/; did you mean prod?",
    ),
    "an inventory by its name": Case(
        f"-y prod {SITE}", "'prod' is no inventory to pyinfra; write inventories/prod.py"
    ),
    "an inventory unlike any": Case(
        f"-y live {SITE}", "there is no inventory 'live' in inventories/; there are: prod"
    ),
    "a folder as inventory": Case(
        f"-y inventories {SITE}", "there is no inventory 'inventories' in inventories/; there are: prod"
    ),
    "group data as inventory": Case(
        f"-y group_data/prod.py {SITE}", f"group_data/prod.py: acme: is no list of hosts; {RIGHT}"
    ),
    "inventory and deploy swapped": Case(
        f"-y {SITE} {PROD}",
        "this is a deploy, which pyinfra took for an inventory; write that first: "
        "pyinfra inventories/prod.py deploys/site.py",
    ),
    "an inventory for a deploy": Case(
        f"-y {PROD} {PROD}",
        "inventories/prod.py: is no deploy; write one after the inventory: "
        "pyinfra inventories/prod.py deploys/site.py",
    ),
    "group data for a deploy": Case(
        f"-y {PROD} group_data/prod.py",
        "group_data/prod.py: is no deploy; write one after the inventory: "
        "pyinfra inventories/prod.py deploys/site.py",
    ),
    "a part for a deploy": Case(
        f"-y {PROD} deploys/connection.py",
        f"deploys/connection.py: calls nothing, so nothing would be done; there are: {NAMES}",
    ),
    "a part that is called like a deploy": Case(
        f"-y {PROD} deploys/reports/report.py",
        "deploys/reports/report.py: calls nothing, so nothing would be done; did you mean report?",
    ),
    "functions that nobody calls": Case(
        f"-y {PROD} deploys/packages.py {SITE}",
        f"deploys/packages.py: calls nothing, so nothing would be done; there are: {NAMES}",
        {"deploys/packages.py": f"{APT}@deploy('Packages')\ndef packages():\n    apt.upgrade()\n"},
    ),
    "a limit to nobody": Case(
        f"-y {PROD} {SITE} --limit web9",
        "--limit web9: matches no host of prod; there are: @fake/web1, @fake/web2",
    ),
    "one limit of two to nobody": Case(
        f"-y {PROD} {SITE} --limit @fake/web1 --limit db",
        "--limit db: matches no host of prod; there are: @fake/web1, @fake/web2",
    ),
    "an exclusion of all": Case(f"-y {PROD} {SITE} --exclude @fake/*", "--exclude: leaves no host of prod"),
    "data without a value": Case(f"-y {PROD} {SITE} --data again", "--data again: write KEY=VALUE"),
    "data with a colon": Case(f"-y {PROD} {SITE} --data again:yes", "--data again:yes: write KEY=VALUE"),
    "data without a key": Case(f"-y {PROD} {SITE} --data =yes", "--data =yes: write KEY=VALUE"),
    "data twice": Case(
        f"-y {PROD} {SITE} --data again=yes --data again=no",
        "--data again: is said twice; leave one of them out",
    ),
    "yes to a dry run": Case(
        f"-y --dry {PROD} {SITE}",
        "--dry and -y exclude each other, as -y shows no plan; leave one of them out",
    ),
    "no such folder of group data": Case(
        f"-y {PROD} {SITE} --group-data group-data", "--group-data group-data: is not there"
    ),
    "nobody at the question": Case(
        f"{PROD} plain.py",
        "nobody answered, nothing was changed; add -y to go on without a question",
        inventory(PLAIN) | {"plain.py": "print()\n"},
    ),
    "another answer": Case(
        f"{PROD} plain.py",
        "that is no yes, nothing was changed; just press Enter to go on",
        inventory(PLAIN) | {"plain.py": "print()\n"},
        typed="y\n",
    ),
    "a syntax error in group data": Case(
        f"-y {PROD} {SITE}",
        "group_data/prod.py:2: invalid syntax",
        {"group_data/prod.py": "acme = {}\napps =\n"},
    ),
    "a variable that is not set": Case(
        f"-y {PROD} {SITE}",
        "group_data/prod.py:2: the environment variable GATEHOUSE_NOT_SET is not set",
        {"group_data/prod.py": 'import os\nacme = {"email": os.environ["GATEHOUSE_NOT_SET"]}\n'},
    ),
    "a host outside a list": Case(
        f"-y {PROD} {SITE}",
        f"inventories/prod.py:1: hosts: hosts stand in a list; {RIGHT}",
        inventory('hosts = ("web1", {})\n'),
    ),
}


@pytest.fixture(scope="module")
def pyinfra(template: Path) -> Iterator[Ready]:
    python = template / ".venv/bin/python"
    imported = ("pyinfra_cli.main", "deploys.sudo", "deploys.command.by_pyinfra", "deploys.load")
    process = Ready(python, Path(sys.prefix, "bin", "pyinfra"), template, imported)
    yield process
    process.end()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_command(clone: Clone, pyinfra: Ready, case: Case) -> None:
    clone.write({"config.py": (ROOT / "config.py").read_text()} | case.files)
    done = pyinfra.run(case.words.split(), typed=case.typed, folder=clone.root, environment=os.environ)
    last = COLOUR.sub("", done.stderr).splitlines()[-1]
    assert last == f"--> pyinfra error: {case.line}", done.stderr
    assert "Traceback" not in done.stderr
    assert "Starting operation" not in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("words", ["-y @local plain.py", f"-y {PROD} plain.py", f"{PROD} debug-inventory"])
def test_what_can_be_meant_goes_on(clone: Clone, pyinfra: Ready, words: str) -> None:
    clone.write({"config.py": (ROOT / "config.py").read_text(), "plain.py": "print()\n"} | inventory(PLAIN))
    done = pyinfra.run(words.split(), folder=clone.root, environment=os.environ)
    assert done.returncode == 0, done.stderr
