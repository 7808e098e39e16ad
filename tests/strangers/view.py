"""The stage as it is looked at: as root on the server, from outside, and at the operator's terminal."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

from tests.outside.client import Outside
from tests.strangers.source import Source
from tests.strangers.stage import Stage, slot


@dataclass
class View:
    """What the ends of attempts look at."""

    stage: Stage
    source: Source
    screens: dict[str, str] = field(default_factory=dict)
    """All that the operator's terminal got, by what was run."""
    shown: dict[str, str] = field(default_factory=dict)
    """What root's commands have shown in an act, as many attempts look at the same."""
    asked_before: int = 0
    """How much the played services had been asked for when the build ended that was to poison the next."""

    def ask(self, app: str, path: str, headers: Mapping[str, Any]) -> str:
        house = self.stage.house
        domain = f"{app}.{house.server.name}.test"
        site = Outside(domain, str(house.server.address), Path(house.lab.ca.root), timeout=10)
        try:
            return site.get(path, headers=headers).text
        except httpx.TimeoutException:
            return "no answer"
        except httpx.HTTPError as error:
            return type(error).__name__

    @cached_property
    def facts(self) -> dict[str, object]:
        """Names and numbers of this server, as attempts use them; taken once the neighbour is there."""
        house = self.stage.house
        about = json.loads(self.ask("bank", "/", {}))
        live = slot(house, "bank")
        shown = house.server.run(f"systemctl cat gatehouse-bank-{live}.service").stdout
        base = int(shown.partition("X-Gatehouse-Port=")[2].split()[0])
        return {
            "bank_domain": f"bank.{house.server.name}.test",
            "bank_slot": live,
            "bank_port": base + (live == "b"),
            "bank_idle": base + (live == "a"),
            "bank_pid": about["pid"],
            "bank_credentials": about["credentials"],
            "address": house.server.address,
            "address6": house.server.address6,
            "journal": house.server.run("ls /var/log/journal/*/system.journal").stdout.strip(),
            "index": self.stage.index,
        }

    def on_server(self, command: str, stdin: str = "") -> str:
        """Run a command as root, whatever comes of it."""
        return self.stage.house.server.run(command, check=False, stdin=stdin).stdout.strip()

    def root_sees(self, command: str) -> str:
        filled = command.format_map(self.facts) if "{bank" in command else command
        if filled not in self.shown:
            self.shown[filled] = self.on_server(filled)
        return self.shown[filled]

    def fetch(self, path: str) -> str:
        return self.ask(
            "guest", path, {"accept-encoding": "gzip" if path.endswith("own.txt") else "identity"}
        )

    def screen(self, name: str) -> str:
        return self.screens[name]

    def asked(self) -> str:
        return self.stage.log.read_text()[self.asked_before :]

    def canary(self, name: str) -> str:
        mark = self.source.canaries / name
        return mark.read_text() if mark.exists() else ""
