"""A server whose user has to give sudo a password: asked for once, and to be read by nobody."""

import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command.clone import Clone
from tests.house import House
from tests.terminal import Recording, record

pytestmark = [pytest.mark.lab, pytest.mark.slow]

PASSWORD = "tr0ub4dor & 'three' %u"  # noqa: S105  # of a lab server
QUESTION = "web: password of careful for sudo: "
REMEDY = (
    "set _sudo_password beside _sudo, best from the environment, as os.environ.get('SUDO_PASSWORD'), "
    "or let sudo there ask for none (NOPASSWD)"
)
MAKE_USER = """
useradd -m -s /bin/bash careful
echo "careful:$(cat)" | chpasswd
install -d -o careful /home/careful/.ssh
install -o careful /root/.ssh/authorized_keys /home/careful/.ssh/
echo 'careful ALL=(ALL) ALL' > /etc/sudoers.d/careful
"""
SPY = r"""
for program in /bin/bash /usr/bin/sudo; do
  name=$(basename $program)
  cat > /usr/local/bin/$name <<END
#!/bin/sh
printf '%s\n' "$name:" "\$@" >> /home/careful/seen
exec $program "\$@"
END
  chmod 755 /usr/local/bin/$name
done
usermod -s /usr/local/bin/bash careful
"""
"""A login shell and a sudo that keep the words of their command lines, which all users there can read."""
BACK = "usermod -s /bin/bash careful; rm /usr/local/bin/bash /usr/local/bin/sudo"


@pytest.fixture(scope="module")
def careful(shop: House) -> Iterator[dict[str, Any]]:
    """How to reach the server as a user with a password."""
    make = MAKE_USER.replace("$(cat)", "$WORD")
    shop.server.run(f"WORD=$(cat <<'END'\n{PASSWORD}\nEND\n)\n{make}")
    connection = {key: value for key, value in shop.host_data.items() if key.startswith("ssh_")}
    yield connection | {"ssh_user": "careful", "_sudo": True}
    shop.server.run("userdel -rf careful; rm -f /etc/sudoers.d/careful", check=False)


class Operator:
    """Someone at a terminal in the clone, or a program without one."""

    def __init__(self, clone: Clone) -> None:
        self.clone = clone

    def reaches(self, **hosts: Mapping[str, Any]) -> None:
        self.clone.write({"inventories/prod.py": f"hosts = {[*hosts.items()]!r}\n"})

    def types(
        self, words: str, meanwhile: Mapping[str, str | Callable[[], object]], *, pyinfra: bool = False
    ) -> Recording:
        program = Path(sys.executable).with_name("pyinfra") if pyinfra else self.clone.root / "gatehouse"
        return record([str(program), *words.split()], cwd=self.clone.root, meanwhile=meanwhile)


@pytest.fixture
def operator(clone: Clone, careful: dict[str, Any]) -> Operator:
    operator = Operator(clone)
    operator.reaches(web=careful)
    return operator


COMMANDS = {
    "status prod": (0, "nothing is wrong"),
    "site prod": (0, "still has the traffic"),
    "verify prod": (1, "claims do not hold"),
    "report prod": (0, "Not counted"),
    "maintenance prod off": (0, "no changes"),
    "renew prod --dry": (0, "renew (asked for)"),
    "alert prod": (1, "nobody was told"),
    "backup prod": (0, "back up to"),
    "forget prod": (0, "every app is in the settings"),
    "rollback prod": (2, "there is no former release"),
    "uninstall prod --dry": (0, "web would change:"),
    "run prod -- tty": (0, "/dev/pts/"),
}
PYINFRA = {
    "-y inventories/prod.py deploys/site.py": "still has the traffic",
    "-y inventories/prod.py deploys/packages.py deploys/site.py": "Packages of the apps",
    "-y inventories/prod.py deploys/status.py": "nothing is wrong",
}


def assert_asked_once(recording: Recording) -> None:
    read = "\n".join(recording.lines)
    assert recording.said.count("for sudo") == 1, f"expected one question:\n{read}"
    assert PASSWORD not in recording.said, "expected nothing of the password to be shown"
    assert "Traceback" not in read, read


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_asks_once(operator: Operator, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEHOUSE_BACKUP_PASSPHRASE", "correct horse battery staple")
    recording = operator.types(words, {QUESTION: f"{PASSWORD}\r"})
    code, told = COMMANDS[words]
    assert told in "\n".join(recording.lines), "\n".join(recording.lines)
    assert recording.code == code
    assert_asked_once(recording)


@pytest.mark.parametrize("words", PYINFRA)
def test_pyinfra_asks_once(operator: Operator, words: str) -> None:
    # Which guards what goes on before a deploy of ours has been read.
    root = Path(__file__).parent.parent.parent
    operator.clone.write({"config.py": (root / "config.py").read_text()})
    recording = operator.types(words, {QUESTION: f"{PASSWORD}\r"}, pyinfra=True)
    assert PYINFRA[words] in "\n".join(recording.lines), "\n".join(recording.lines)
    assert recording.code == 0
    assert_asked_once(recording)


def test_no_other_user_of_the_server_can_read_it(operator: Operator, shop: House) -> None:
    shop.server.run(SPY)
    try:
        recording = operator.types("site prod --yes", {QUESTION: f"{PASSWORD}\r"})
    finally:
        shop.server.run(BACK)
    assert recording.code == 0, "\n".join(recording.lines)
    seen = shop.server.run("cat ~careful/seen").stdout
    assert "bash:\n-c\n" in seen, "expected the login shell to have seen a command of ours"
    assert "sudo:\n-H\n-A\n-k\n-p\nGATEHOUSE_SUDO\n" in seen, "expected sudo to have run by what asks unseen"
    assert "tr0ub4dor" not in seen
    assert "tr0ub4dor" not in shop.server.run("journalctl --sync; journalctl -o cat").stdout
    assert not shop.server.run("ls -A /tmp | grep -i askpass", check=False).stdout


def test_a_wrong_one_is_asked_for_again(operator: Operator) -> None:
    answers = {QUESTION: "wrong\r", f"not what sudo takes there\r\n{QUESTION}": f"{PASSWORD}\r"}
    recording = operator.types("status prod", answers)
    assert recording.code == 0, "\n".join(recording.lines)
    assert recording.lines[:3] == [
        QUESTION.strip(),
        "web: that is not what sudo takes there",
        QUESTION.strip(),
    ]


def test_another_host_may_have_the_same(operator: Operator, careful: dict[str, Any]) -> None:
    operator.reaches(web=careful, web2=careful)
    same = {": password of careful for sudo: ": f"{PASSWORD}\r", "(enter alone: the same): ": "\r"}
    recording = operator.types("status prod", same)
    assert recording.code == 0, "\n".join(recording.lines)
    assert recording.said.count("for sudo") == 2


@pytest.mark.parametrize(("typed", "code"), [("\x03", 130), ("\x04", 2)])
def test_whoever_leaves_has_changed_nothing(operator: Operator, typed: str, code: int) -> None:
    recording = operator.types("site prod", {QUESTION: typed})
    assert recording.code == code, "\n".join(recording.lines)
    assert "nothing was changed" in recording.lines[-1]


REFUSED = {
    "none": ({}, "", f"web: sudo asks for a password, and here is no terminal to ask you: {REMEDY}"),
    "a wrong one": (
        {"_sudo_password": "wr0ng"},
        "",
        "web: _sudo_password: (value not shown): is not what sudo takes there",
    ),
    "on the command line": (
        {},
        " --data _sudo_password=wr0ng",
        f"--data _sudo_password: others can read a command line; {REMEDY}",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_without_a_terminal(operator: Operator, careful: dict[str, Any], case: str) -> None:
    data, words, line = REFUSED[case]
    operator.reaches(web=careful | data)
    for verb in ("site prod --yes", "status prod", "run prod -- id"):
        ended = operator.clone.run(*verb.replace("prod", f"prod{words}").split())
        assert (ended.code, ended.lines) == (2, [f"gatehouse: {line}"])


def test_the_settings_may_say_it(operator: Operator, careful: dict[str, Any]) -> None:
    content = f"import os\nhosts = [('web', {careful!r} | {{'_sudo_password': os.environ['WORD']}})]\n"
    operator.clone.write({"inventories/prod.py": content})
    for words in ("site prod --yes", "status prod", "run prod -- id -un"):
        ended = operator.clone.run(*words.split(), environment={"WORD": PASSWORD})
        assert ended.code == 0, ended.lines
        assert "tr0ub4dor" not in "\n".join(ended.lines)
