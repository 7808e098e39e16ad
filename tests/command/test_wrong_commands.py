"""A command that cannot be meant ends with one line that says what would be right, and with code 2."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.command.clone import ROOT, Clone

PROD = {"inventories/prod.py": 'hosts = [("@fake/web1", {}), ("@fake/web2", {})]\n'}
SETTINGS = {
    "group_data/prod.py": 'acme = {"email": "ops@gatehouse.test"}\n'
    'sites = {"www.gatehouse.test": {"routes": {"/": {"files": "/srv/www"}}}}\n'
}
RIGHT = 'write hosts = [("server.example.com", {"ssh_user": "root"})]'
SITE = ("site", "prod")


@dataclass(frozen=True)
class Case:
    """A wrong command, and the one line that it ends with."""

    words: tuple[str, ...]
    line: str
    files: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    code: int = 2


def inventory(content: str) -> dict[str, str]:
    return {"inventories/prod.py": content}


CASES = {
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
    "an unknown flag": Case(
        ("site", "prod", "--quiet"), "unrecognized arguments: --quiet; see: gatehouse --help"
    ),
    "a shortened flag": Case(("site", "prod", "--dr"), "unrecognized arguments: --dr; see: gatehouse --help"),
    "no inventory": Case(
        ("site",), "site: the following arguments are required: INVENTORY; see: gatehouse site --help"
    ),
    "yes to a dry run": Case(
        (*SITE, "-y", "--dry"), "site: --dry and --yes exclude each other; leave one of them out"
    ),
    "a diff of what is done": Case(
        (*SITE, "--diff"), "site: --diff shows what a dry run would change; add --dry"
    ),
    "a dry run of a look": Case(
        ("status", "prod", "--dry"), "unrecognized arguments: --dry; see: gatehouse --help"
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
    "maintenance without a word": Case(
        ("maintenance", "prod"),
        "maintenance: the following arguments are required: maintenance; see: gatehouse maintenance --help",
    ),
    "maintenance with another word": Case(
        ("maintenance", "prod", "yes"),
        "maintenance: argument maintenance: invalid choice: 'yes' (choose from 'on', 'off'); "
        "see: gatehouse maintenance --help",
    ),
    "a shell that is not known": Case(
        ("completion", "csh"),
        "completion: argument shell: invalid choice: 'csh' (choose from 'bash', 'zsh', 'fish'); "
        "see: gatehouse completion --help",
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
    "one limit of two to nobody": Case(
        (*SITE, "--limit", "@fake/web1", "--limit", "db"),
        "--limit db: matches no host of prod; there are: @fake/web1, @fake/web2",
    ),
    "an exclusion of nobody": Case(
        (*SITE, "--exclude", "db"), "--exclude db: matches no host of prod; there are: @fake/web1, @fake/web2"
    ),
    "an exclusion of all": Case((*SITE, "--exclude", "@fake/*"), "--exclude: leaves no host of prod"),
    "a host outside a list": Case(
        SITE,
        f"inventories/prod.py:1: hosts: hosts stand in a list; {RIGHT}",
        inventory('hosts = ("web1", {})\n'),
    ),
    "a host as a string": Case(
        SITE, f"inventories/prod.py: hosts: is no list of hosts; {RIGHT}", inventory('hosts = "web1"\n')
    ),
    "hosts as a table": Case(
        SITE, f"inventories/prod.py: hosts: is no list of hosts; {RIGHT}", inventory('hosts = {"web1": {}}\n')
    ),
    "a host without data": Case(
        SITE,
        f"inventories/prod.py:2: hosts: ('web1',) is no host; {RIGHT}",
        inventory('\nhosts = [("web1",)]\n'),
    ),
    "a host with a user for data": Case(
        SITE,
        f"inventories/prod.py:1: hosts: ('web1', 'root') is no host; {RIGHT}",
        inventory('hosts = [("web1", "root")]\n'),
    ),
    "a host that is a set": Case(
        SITE,
        f"inventories/prod.py:1: hosts: {{'web1'}} is no host; {RIGHT}",
        inventory('hosts = [{"web1"}]\n'),
    ),
    "an empty inventory": Case(SITE, f"inventories/prod.py: has no list of hosts; {RIGHT}", inventory("\n")),
    "an empty list": Case(SITE, f"inventories/prod.py: names no host; {RIGHT}", inventory("hosts = []\n")),
    "a syntax error in the inventory": Case(
        SITE, "inventories/prod.py:1: '[' was never closed", inventory('hosts = [("web1", {})\n')
    ),
    "a name that is not there": Case(
        SITE, "inventories/prod.py:2: NameError: name 'web1' is not defined", inventory("\nhosts = [web1]\n")
    ),
    "a syntax error in group data": Case(
        SITE, "group_data/prod.py:2: invalid syntax", {"group_data/prod.py": "acme = {}\napps =\n"}
    ),
    "a variable that is not set": Case(
        SITE,
        "group_data/prod.py:2: the environment variable GATEHOUSE_NOT_SET is not set",
        {"group_data/prod.py": 'import os\nacme = {"email": os.environ["GATEHOUSE_NOT_SET"]}\n'},
    ),
    "a key that is not there": Case(
        SITE, "group_data/prod.py:1: KeyError: 'a'", {"group_data/prod.py": 'acme = {}["a"]\n'}
    ),
    "group data of another inventory": Case(
        SITE,
        "group_data/staging.py:1: ZeroDivisionError: division by zero",
        {"group_data/staging.py": "1 / 0\n"},
    ),
    "a module that is not there": Case(
        SITE,
        "group_data/prod.py:1: ModuleNotFoundError: No module named 'secrets_of_ours'",
        {"group_data/prod.py": "import secrets_of_ours\n"},
    ),
    "group data that gives up without a word": Case(
        SITE, "group_data/prod.py: ends all by sys.exit()", {"group_data/prod.py": "import sys\nsys.exit()\n"}
    ),
    "an inventory that gives up without a word": Case(
        SITE, "inventories/prod.py: ends all by sys.exit()", inventory("raise SystemExit(3)\n")
    ),
    "group data that is no text": Case(
        SITE,
        "group_data/prod.py: source code string cannot contain null bytes",
        {"group_data/prod.py": "acme = {}\0\n"},
    ),
    "a host with a user in its name": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'root@web1' is more than a name; did you mean "
        "('web1', {'ssh_user': 'root'})?",
        inventory('hosts = ["root@web1"]\n'),
    ),
    "a host with a port in its name": Case(
        SITE,
        "inventories/prod.py:1: hosts: 'web1:2222' is more than a name; did you mean "
        "('web1', {'ssh_port': 2222})?",
        inventory('hosts = [("web1:2222", {"ssh_user": "root"})]\n'),
    ),
    "a host with a password and more": Case(
        SITE,
        f"inventories/prod.py:1: hosts: ('web1', {{…}}, 3) is no host; {RIGHT}",
        inventory('hosts = [("web1", {"_sudo_password": "hunter2"}, 3)]\n'),
    ),
    "a connector that is not there": Case(
        SITE,
        "inventories/prod.py:1: hosts: '@dockr/web1': there is no connector 'dockr'; did you mean docker?",
        inventory('hosts = ["@dockr/web1"]\n'),
    ),
    "a mistake of our own": Case(
        ("status", "prod", "--limit", "@fake/web1"),
        "@fake/web1: a mistake of gatehouse's own: deploys/status.py:1: ZeroDivisionError: division by zero; "
        "please report it",
        {"deploys/status.py": "1 / 0\n"},
    ),
    "an inventory that gives up": Case(
        SITE, "the cloud does not answer", inventory('import sys\nsys.exit("the cloud does not answer")\n')
    ),
    "a key that is missing": Case(
        SITE,
        "web1: ssh_key: 'no/such/key': there is no such file; name a private key, or leave ssh_key out to "
        "use your agent's",
        inventory('hosts = [("web1", {"ssh_key": "no/such/key"})]\n'),
    ),
    "a key that is public": Case(
        SITE,
        "web1: ssh_key: 'key.pub': is a public key; name the private one, without .pub",
        inventory('hosts = [("web1", {"ssh_key": "key.pub"})]\n') | {"key.pub": "ssh-ed25519 AAAA ops\n"},
    ),
    "a key that is a folder": Case(
        SITE,
        "web1: ssh_key: 'inventories': is a folder; name the private key in it",
        inventory('hosts = [("web1", {"ssh_key": "inventories"})]\n'),
    ),
    "a key that is none": Case(
        SITE,
        "web1: ssh_key: 'gatehouse': holds no private key",
        inventory('hosts = [("web1", {"ssh_key": "gatehouse"})]\n'),
    ),
    "a port that is none": Case(
        SITE,
        "web1: ssh_port: 'ssh': write a number from 1 to 65535",
        inventory('hosts = [("web1", {"ssh_port": "ssh"})]\n'),
    ),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Clone.at(tmp_path_factory.mktemp("clone")).root


@pytest.fixture
def clone(template: Path) -> Iterator[Clone]:
    """The clone, with what a test writes there gone afterwards."""
    before = {path: path.read_bytes() for path in _files(template)}
    made = Clone(template)
    made.write(PROD)
    yield made
    for path in _files(template):
        if path not in before:
            path.unlink()
    for path, content in before.items():
        path.write_bytes(content)


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and ".venv" not in path.parts]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_command(clone: Clone, case: Case) -> None:
    clone.write(case.files)
    ended = clone.run(*case.words, typed=case.typed)
    assert ended.lines == f"gatehouse: {case.line}".splitlines()
    assert ended.output == "", "what is wrong belongs on standard error"
    assert ended.code == case.code


def test_it_works_from_any_directory(clone: Clone, tmp_path: Path) -> None:
    ended = clone.run(*SITE, "--limit", "nobody", folder=tmp_path)
    assert ended.lines == [
        "gatehouse: --limit nobody: matches no host of prod; there are: @fake/web1, @fake/web2"
    ]


def test_it_works_by_a_link(clone: Clone, tmp_path: Path) -> None:
    link = Clone(tmp_path)
    (tmp_path / "gatehouse").symlink_to(clone.root / "gatehouse")
    assert "did you mean prod?" in link.run("site", "prodd").errors


def test_settings_that_are_refused(clone: Clone) -> None:
    clone.write({"group_data/prod.py": 'acme = {"email": "ops"}\n'})
    ended = clone.run(*SITE)
    assert ended.code == 2
    assert [line for line in ended.lines if "acme['email']" in line] != []
    assert "Traceback" not in ended.errors


@pytest.fixture
def no_ssh() -> Iterator[int]:
    """A port of this machine that answers in another protocol."""
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            with connection:
                connection.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")

    thread = threading.Thread(target=answer)
    thread.start()
    yield server.getsockname()[1]
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_a_port_that_speaks_no_ssh(clone: Clone, no_ssh: int) -> None:
    data = {"ssh_hostname": "127.0.0.1", "ssh_port": no_ssh, "ssh_user": "root"}
    clone.write(inventory(f'hosts = [("web1", {data!r})]\n'))
    ended = clone.run(*SITE)
    assert ended.lines == [
        f"✗ web1: port {no_ssh} speaks no SSH with you; set ssh_port, or after failed logins wait a while"
    ]
    assert ended.code == 1


def test_a_port_where_nothing_answers(clone: Clone) -> None:
    data = {"ssh_hostname": "127.0.0.1", "ssh_port": 9, "ssh_user": "root"}
    clone.write(inventory(f'hosts = [("web1", {data!r})]\n'))
    ended = clone.run(*SITE)
    assert ended.lines == ["✗ web1: nothing answers at port 9 of 127.0.0.1"]
    assert ended.code == 1


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
def test_help(clone: Clone, verb: str) -> None:
    ended = clone.run(*filter(None, [verb, "--help"]))
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
