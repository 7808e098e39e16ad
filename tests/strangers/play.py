"""What the stranger does on one server, act after act, and what is seen of it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.lab.errors import LabError
from tests.lab.waiting import until
from tests.strangers import photograph
from tests.strangers.attempt import Act, Attempt, Moment
from tests.strangers.screen import shown
from tests.strangers.source import TOOLS, TRYING
from tests.strangers.table import ATTEMPTS
from tests.strangers.table.terminal import FORGED_ENTRIES, WORDS
from tests.strangers.view import View

SEEN_BY_ROOT = """
import json, sys, types
def module(name, source):
    sys.modules[name] = types.ModuleType(name)
    exec(source, sys.modules[name].__dict__)
    return sys.modules[name]
told = json.loads({told!r})
trying, tools = module("trying", told["trying"]), module("tools", told["tools"])
print(json.dumps(trying.tried(told["rows"], vars(tools))))
"""
BUILT = "cat /srv/guest/current/venv/lib/python3*/site-packages/stranger_build.json"
PATIENCE = 300
"""Seconds for what comes within a few on a machine that has nothing else to do."""
COMMAND = """python -c 'from stranger import trying; trying.remember("command")'"""
"""What the operator has run as the stranger's app."""
COOKIE = "session=of-a-client-of-the-bank"


@dataclass
class Play:
    """The stranger's acts; each leaves what the ends of its attempts look at."""

    view: View
    said: dict[str, str] = field(default_factory=dict)
    """How attempts ended by their own account, by the attempt."""
    seen: dict[str, str] = field(default_factory=dict)
    """What came of attempts, by the attempt."""
    by_root: dict[str, str] = field(default_factory=dict)
    """How attempts end that root makes."""
    codes: dict[str, int] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    """What clients of the neighbour's got while its processes died."""
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)

    def play(self) -> None:
        """All acts, in their order."""
        self._dry()
        self._opening()
        self._spy()
        for act in ("links", "specials", "daemon"):
            self._released(act)
        self._words()
        self._without_end()
        self.view.source.innocent()
        self._run("innocent again")
        self._settle()
        self.after = self._photograph()
        self._look("after")
        self._forget()

    def _dry(self) -> None:
        self.view.source.innocent()
        self.view.source.repository()
        self._run("dry", "--dry")
        self._look("dry")

    def _opening(self) -> None:
        self.view.source.innocent()
        self._run("opening")
        assert self.codes["opening"] == 0, self.view.screens["opening"]
        self.view.on_server("chown -R app-guest: /srv/uploads && chmod 755 /srv/uploads")
        rows = [attempt.row(self.view.facts) for attempt in ATTEMPTS if attempt.root_can]
        told = json.dumps({"trying": TRYING, "tools": TOOLS, "rows": rows})
        said = self.view.stage.house.server.run("python3 -", stdin=SEEN_BY_ROOT.format(told=told)).stdout
        self.by_root = json.loads(said)
        self._settle()
        self.before = self._photograph()

    def _spy(self) -> None:
        self._released("spy", look=False)
        self.view.asked_before = len(self.view.stage.log.read_text())
        self._keep("build", json.loads(self.view.on_server(BUILT) or "{}"))
        self._keep("start", self._state("spy", "start"))
        self.view.ask("guest", "/try", {})
        self._keep("run", self._state("spy", "run"))
        self._run("command", "--data", "app=guest", "--data", f"command={COMMAND}", deploy="deploys/run.py")
        self._keep("command", self._state("spy", "command"))
        self._kill_the_neighbour()
        self.view.ask("guest", "/crash", {})
        self._keep("crash", self._state("spy", "crash"))
        self._await_alert()
        self._look("spy")

    def _released(self, act: Act, *, look: bool = True) -> None:
        self.view.source.hostile(act, ATTEMPTS, self.view.facts, **{"last words": WORDS})
        self._run(act)
        self._run(f"{act} again")
        if self.codes[act] == 0:
            self._keep("release", json.loads(self.view.on_server(BUILT)))
        if act == "links":
            self._keep("stop", self._state("spy", "stop"))
        if look:
            self._look(act)

    def _words(self) -> None:
        self.view.source.innocent(**{"last words": WORDS, "dies": True})
        self._run("words")
        self._run("words again")
        self.view.source.innocent(**{"last words": WORDS, "fails": True})
        self._run("noise")
        self._run("noise again")

    def _without_end(self) -> None:
        """Answer for ever, or for too long: when root asks whether it is well, and the operator's machine."""
        self.view.source.innocent(**{"as a mail": True})
        self._run("health as a mail")
        self.view.source.innocent(**{"without end": ""})
        self._run("health without end")
        self.view.source.innocent(**{"without end": "/health"})
        self._run("pages without end")
        self._run("pages without end again")

    def _forget(self) -> None:
        url = "/%1b]0;stranger%07/\u202estranger"
        self.view.ask("guest", url, {"user-agent": b"\x9b31m --> Starting operation: Forged"})
        for path in FORGED_ENTRIES:
            self.view.ask("guest", path, {"user-agent": path.encode(), "referer": path.encode()})
        for name in ("status", "report", "backup"):
            self._run(name, deploy=f"deploys/{name}.py")
        self._run("rollback", "--data", "app=guest", deploy="deploys/rollback.py")
        rows = [
            attempt.row(self.view.facts)
            for attempt in ATTEMPTS
            if attempt.moment == "forget" and attempt.does
        ]
        self.view.on_server("runuser -u app-guest -- python3 -", stdin=_as_guest(rows))
        settings = self.view.stage.house.settings
        apps = {name: app for name, app in settings["apps"].items() if name != "guest"}
        sites = {name: site for name, site in settings["sites"].items() if not name.startswith("guest.")}
        self._run("without it", apps=apps, sites=sites)
        self._run("forget", deploy="deploys/forget.py", apps=apps, sites=sites)
        self._look("forget")
        self._look("last")

    def _run(self, name: str, *flags: str, deploy: str = "deploys/site.py", **changes: Any) -> None:
        house = self.view.stage.house
        hosts = {house.server.name: house.host_data | changes}
        self.codes[name], self.view.screens[name] = shown(hosts, *flags, deploy=deploy)
        kept = self.view.stage.log.with_name(f"screen of {name}")
        kept.write_text(self.view.screens[name], errors="surrogateescape")

    def _kill_the_neighbour(self) -> None:
        """End the neighbour's process as a lack of memory would, and go on asking for its site."""
        unit = f"gatehouse-bank-{self.view.facts['bank_slot']}.service"
        for _ in range(3):
            self.view.on_server(f"systemctl kill --signal=KILL {unit}")
            for _ in range(10):
                self.answers.append(self.view.ask("bank", "/", {"cookie": COOKIE}))
        until(
            lambda: "bank" in self.view.ask("bank", "/", {}),
            within=60,
            otherwise="the neighbour does not come back",
        )

    def _await_alert(self) -> None:
        self._await("grep --quiet 'gatehouse-guest-.*failed' /var/log/alerts")

    def _await(self, sign: str) -> None:
        """Wait until a command of root's succeeds; what is told where it never does is a row's own affair."""
        with suppress(LabError):
            until(
                lambda: self.view.stage.house.server.run(sign, check=False).returncode == 0,
                within=PATIENCE,
                otherwise=f"never so: {sign}",
            )

    def _settle(self) -> None:
        """Wait until nothing of what a run started is still at work."""
        self.view.on_server("systemctl is-system-running --wait; systemctl reset-failed; sync")

    def _photograph(self) -> dict[str, Any]:
        script = Path(photograph.__file__).read_text()
        found: dict[str, Any] = json.loads(self.view.stage.house.server.run("python3 -", stdin=script).stdout)
        return found

    def _keep(self, moment: str, ended: Mapping[str, str]) -> None:
        for attempt in ATTEMPTS:
            if attempt.moment == moment and attempt.tries in ended:
                self.said[str(attempt)] = ended[attempt.tries]

    def _state(self, act: Act, moment: Moment) -> dict[str, str]:
        kept = f"/var/lib/app-guest/{act}-{moment}.json"
        self._await(f"test -e {kept}")
        found: dict[str, str] = json.loads(self.view.on_server(f"cat {kept}") or "{}")
        return found

    def _look(self, act: Act) -> None:
        self.view.shown.clear()
        for attempt in ATTEMPTS:
            if attempt.seen == act:
                self.seen[str(attempt)] = attempt.ends.look(
                    self.view, self.said.get(str(attempt), "never tried")
                )


def _as_guest(rows: list[dict[str, str]]) -> str:
    state = "import os; os.environ['STATE_DIRECTORY'] = '/var/lib/app-guest'\n"
    return state + f"{TOOLS}\n" + "\n".join(f"print({row['does']})" for row in rows)


def by_name(attempts: tuple[Attempt, ...]) -> dict[str, Attempt]:
    """Index a table, in which no two rows may have one name."""
    found = {str(attempt): attempt for attempt in attempts}
    assert len(found) == len(attempts), "two attempts of the table have one name"
    return found
