"""A server with two apps, and the clone of whoever runs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.command.clone import Clone
from tests.house import House
from tests.site.inventory import hosts
from tests.site.shown import shown

Apps = Mapping[str, Mapping[str, Any]]
BOTH: Apps = {"shop": {}, "cafe": {}}


@dataclass(frozen=True)
class Team:
    """A server with two apps, and the clone of whoever runs it."""

    house: House
    clone: Clone

    def want(self, apps: Apps) -> None:
        """Write the settings of the server."""
        lines = "".join(f"{key} = {value!r}\n" for key, value in self.settings(apps).items())
        self.clone.write({"group_data/prod.py": lines, "inventories/prod.py": hosts(self.house, "web")})

    def settings(self, apps: Apps) -> dict[str, Any]:
        """Give settings with the house's apps, but for what is said of them."""
        known = self.house.settings["apps"]
        wanted = {name: {**known[name], **settings} for name, settings in apps.items()}
        routes = {"/" if name == "shop" else f"/{name}": {"app": name} for name in wanted}
        return {**self.house.settings, "apps": wanted, "sites": {self.house.domain: {"routes": routes}}}

    def read(self, words: str) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
        """Run a command; give its code, its result, and what was read on the way, with each number as N."""
        ended = self.clone.run(*words.split(), typed="\n")
        return ended.code, self.shown(ended.output), self.shown(ended.errors)

    def shown(self, text: str) -> tuple[str, ...]:
        return shown(text, self.house)

    def is_as_wanted(self) -> None:
        """Have both apps run as the house has them."""
        self.want(BOTH)
        ended = self.clone.run("site", "prod", "--yes", "--again")
        assert ended.code == 0, "\n".join(ended.lines)
