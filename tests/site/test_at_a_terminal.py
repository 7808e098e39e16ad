"""What is read at a terminal: as wide as it is, with what is under way, and how a run is stopped there."""

import re
from collections.abc import Callable, Mapping

import pytest

from tests.command.clone import Clone
from tests.house import House
from tests.site.inventory import hosts
from tests.terminal import Recording, record

pytestmark = [pytest.mark.lab, pytest.mark.slow]

WIDTHS = (80, 120)
SHOWN = {
    "status prod": (0, "nothing is wrong"),
    "verify prod": (1, "DNS has neither an A nor an AAAA record for it"),
    "report prod": (0, "Not counted"),
    "site prod": (0, "still has the traffic"),
    "site prod --dry --diff": (0, "no changes"),
}
"""By command: its exit code, and what has to be read of it."""
SPINNER = re.compile(r"^ +[-/|\\] \{", re.MULTILINE)
COLOUR = re.compile(r"\x1b\[\d+m")

HOLD_APT = """
apt-get -qq -y remove logrotate
cat > /tmp/hold.py <<'END'
import fcntl, os, time
with open("/var/lib/dpkg/lock-frontend", "w") as lock:
    fcntl.lockf(lock, fcntl.LOCK_EX)
    open("/tmp/held", "w").close()
    while os.path.exists("/tmp/held"):
        time.sleep(0.2)
END
systemd-run --quiet --collect python3 /tmp/hold.py
timeout 30 sh -c 'until [ -e /tmp/held ]; do sleep 0.2; done'
"""


@pytest.fixture
def at_terminal(shop: House, clone: Clone) -> "Terminal":
    clone.write({"inventories/prod.py": hosts(shop, "web")})
    return Terminal(clone)


class Terminal:
    """A terminal in the user's clone."""

    def __init__(self, clone: Clone) -> None:
        self._clone = clone

    def run(
        self,
        words: str,
        *,
        columns: int = 120,
        environment: Mapping[str, str] | None = None,
        meanwhile: Mapping[str, str | Callable[[], object]] | None = None,
    ) -> Recording:
        root = self._clone.root
        command = [str(root / "gatehouse"), *words.split()]
        return record(command, columns=columns, cwd=root, environment=environment, meanwhile=meanwhile)


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize("words", SHOWN)
def test_every_line_fits(at_terminal: Terminal, words: str, columns: int) -> None:
    recording = at_terminal.run(words, columns=columns)
    lines = recording.said.replace("\r\n", "\n").split("\n")
    shown = [COLOUR.sub("", line.rpartition("\r")[2].replace("\x1b[K", "")) for line in lines]
    assert max(map(len, shown)) <= columns, f"expected no line that the terminal of {columns} has to break"
    read = "\n".join(recording.lines)
    code, told = SHOWN[words]
    assert recording.code == code, read
    assert told in read
    assert "looking at what is there" not in read, "expected what was under way to be gone in the end"
    assert not SPINNER.search(recording.said), "expected nothing in the place of what is under way"


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours(at_terminal: Terminal, environment: dict[str, str], is_coloured: bool) -> None:
    recording = at_terminal.run("alert prod", environment=environment)
    assert bool(COLOUR.search(recording.said)) is is_coloured


VERBS = (
    *("site prod", "status prod", "verify prod", "report prod", "maintenance prod on", "renew prod"),
    *("rollback prod", "alert prod", "backup prod", "forget prod", "run prod -- id", "uninstall prod"),
)


@pytest.mark.parametrize("words", VERBS)
def test_ctrl_c_as_it_looks_changes_nothing(at_terminal: Terminal, words: str) -> None:
    environment = {"GATEHOUSE_BACKUP_PASSPHRASE": "correct horse battery staple"}
    ctrl_c = {"looking at what is there": "\x03"}
    recording = at_terminal.run(words, environment=environment, meanwhile=ctrl_c)
    assert recording.code == 130
    assert recording.lines[-1].removeprefix("^C") == "stopped; nothing was changed"
    assert len(recording.lines) <= 2, "\n".join(recording.lines)


def test_ctrl_c_at_the_question_changes_nothing(at_terminal: Terminal, shop: House) -> None:
    shop.server.run("apt-get -qq -y remove logrotate")
    try:
        recording = at_terminal.run("site prod", meanwhile={"Press enter": "\x03"})
        assert recording.code == 130
        assert recording.lines[-1] == "^Cstopped; nothing was changed"
        assert shop.server.run("command -v logrotate", check=False).returncode, "expected it not to be there"
    finally:
        shop.server.install("logrotate")


def test_what_apt_does_is_shown_and_another_apt_is_waited_for(at_terminal: Terminal, shop: House) -> None:
    shop.server.run(HOLD_APT)
    release = {"waiting for another apt": lambda: shop.server.run("rm /tmp/held")}
    recording = at_terminal.run("site prod --yes", meanwhile=release)
    assert recording.code == 0, "\n".join(recording.lines)
    assert "Setting up logrotate" in recording.said, "expected to read what apt is at"
    assert "Setting up logrotate" not in "\n".join(recording.lines), "expected it to be gone in the end"
