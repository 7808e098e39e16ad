"""What is to come of attempts."""

import re
from dataclasses import dataclass

from tests.strangers.attempt import Scene

SGR = re.compile("\x1b\\[[0-9;]*m")


@dataclass(frozen=True)
class Refused:
    """Whoever tries it is told so by the kernel, at once."""

    def look(self, scene: Scene, said: str) -> str:
        return said

    def problem(self, seen: str) -> str | None:
        return None if seen.startswith("refused: ") else f"it was to be refused, and ended so: {seen}"


@dataclass(frozen=True)
class Forbidden:
    """It has no right to, whatever else may be wrong with what it tries."""

    def look(self, scene: Scene, said: str) -> str:
        return said

    def problem(self, seen: str) -> str | None:
        is_so = seen.startswith(("refused: PermissionError", "refused: killed"))
        return None if is_so else f"it was to be forbidden, and ended so: {seen}"


@dataclass(frozen=True)
class Says:
    """It gets this, and no more, by its own account."""

    what: object

    def look(self, scene: Scene, said: str) -> str:
        return said

    def problem(self, seen: str) -> str | None:
        return None if seen == f"did: {self.what!r}" else f"it was to get {self.what!r}, and ended so: {seen}"


@dataclass(frozen=True)
class Shows:
    """It may do what it likes: on the server, root's command shows this."""

    command: str
    shows: str = ""

    def look(self, scene: Scene, said: str) -> str:
        return scene.root_sees(self.command)

    def problem(self, seen: str) -> str | None:
        return None if seen == self.shows else f"`{self.command}` was to show {self.shows!r}, not {seen!r}"


@dataclass(frozen=True)
class Serves:
    """The stranger's site may answer anything but this."""

    path: str
    never: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.fetch(self.path)

    def problem(self, seen: str) -> str | None:
        return f"{self.path} serves {seen[:200]!r}" if self.never in seen else None


@dataclass(frozen=True)
class Lacks:
    """What reaches the operator's terminal has no such characters, be they what they may."""

    screen: str
    never: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.screen(self.screen)

    def problem(self, seen: str) -> str | None:
        at = seen.find(self.never)
        return f"the terminal got {seen[max(0, at - 60) : at + 60]!r}" if at >= 0 else None


@dataclass(frozen=True)
class NoLine:
    """No line on the operator's terminal begins like one of gatehouse's or pyinfra's own."""

    screen: str
    begins: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.screen(self.screen)

    def problem(self, seen: str) -> str | None:
        lines = [line for part in re.split(r"[\r\n]", SGR.sub("", seen)) for line in [part.strip()]]
        forged = [line for line in lines if line.startswith(self.begins)]
        return f"the terminal shows the line {forged[0]!r}" if forged else None


@dataclass(frozen=True)
class Tells:
    """The operator is told this, and the run comes to its end."""

    screen: str
    words: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.screen(self.screen)

    def problem(self, seen: str) -> str | None:
        in_one_line = re.sub(r"\n +", " ", seen)  # as a line that is too long for the terminal is folded
        if self.words in seen or self.words in in_one_line:
            return None
        return f"it was to tell {self.words!r}, and told:\n{seen[-1500:]}"


@dataclass(frozen=True)
class Unasked:
    """Nobody asked the played services for this."""

    words: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.asked()

    def problem(self, seen: str) -> str | None:
        found = [line for line in seen.splitlines() if self.words in line]
        return f"asked for: {found[:3]}" if found else None


@dataclass(frozen=True)
class Untouched:
    """The stranger's program did not run where the operator works."""

    name: str

    def look(self, scene: Scene, said: str) -> str:
        return scene.canary(self.name)

    def problem(self, seen: str) -> str | None:
        return f"it ran: {seen}" if seen else None
