"""Make the pictures and the recording of the docs from real runs, on the lab's demo server: make pictures."""

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from itertools import groupby
from pathlib import Path

from rich.console import Console
from rich.style import Style
from rich.text import Text

from tests.demonstrate import SERVER, demonstrated, names
from tests.lab import Lab
from tests.lab.clients import Client
from tests.lab.errors import LabError
from tests.outside.client import Outside
from tests.outside.proofs import PROOFS
from tests.terminal import ROWS, Recording, record

ROOT = Path(__file__).parent.parent
IMAGES = ROOT / "docs/images"
RECORDING = ROOT / "docs/site.cast"
COLUMNS = 110
LOOKS = ("status", "verify", "report")
_COLOURS = {"brown": "yellow"}
"""Names that pyte has for colours, where rich has others."""
_AT_HOME = 'hostname laptop; mount --bind "/etc/netns/$0/resolv.conf" /etc/resolv.conf; exec "$@"'
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""What would have a browser ask others for a font."""


def main() -> int:
    """Provision a new server before a camera, use it, and look at it."""
    lab = Lab()
    with suppress(LabError):  # there was none
        lab.down(SERVER)
    server = lab.up(SERVER)
    settings = demonstrated()
    for name in names(settings):
        lab.set_name(name, str(server.address))
    operator = Operator(lab.client("operator"), Path(lab.ca.root))

    site = operator.run("site")
    keep("site", site)
    RECORDING.write_text("".join(f"{line}\n" for line in cast("./gatehouse site lab", site)))

    ports = [settings.port(app) + slot for app in settings.apps for slot in (0, 1)]
    visitor = Outside(next(iter(settings.sites)), str(server.address), operator.roots, tuple(ports))
    for proof in PROOFS:
        proof(visitor)
    for verb in LOOKS:
        keep(verb, operator.run(verb))
    return 0


class Operator:
    """Whoever sits at a machine which knows the lab's names and trusts its CA."""

    def __init__(self, machine: Client, roots: Path) -> None:
        self.roots = roots
        self._machine = machine

    def run(self, verb: str) -> Recording:
        """Run the command, and go on where it asks.

        Raises:
            LabError: it does not end well.

        """
        recording = record(
            # Not by ip-netns(8), which hides the cgroups of the lab from the lab's inventory.
            [
                *("nsenter", f"--net=/run/netns/{self._machine.namespace}", "unshare", "--uts", "--mount"),
                *("sh", "-euc", _AT_HOME, self._machine.namespace, "./gatehouse", verb, "lab"),
            ],
            columns=COLUMNS,
            cwd=ROOT,
            environment={"SSL_CERT_FILE": str(self.roots)},
            meanwhile={"Press enter": "\n"},
        )
        if recording.code:
            raise LabError("\n".join([f"{verb} ended with {recording.code}:", *recording.lines]))
        return recording


def keep(verb: str, recording: Recording) -> None:
    """Draw the screen as it is in the end."""
    command = f"./gatehouse {verb} lab"
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), highlight=False)
    for line in (Text(f"$ {command}", "bold"), *rows(recording)):
        console.print(line)
    drawn = console.export_svg(title=command, unique_id=f"screen-{verb}")
    (IMAGES / f"{verb}.svg").write_text(_FONTS.sub("", drawn))


def rows(recording: Recording) -> Iterator[Text]:
    """Give what is to be read in the end, with its colours."""
    screen = recording.screen()
    for number in range(len(recording.lines)):
        chars = [screen.buffer[number][column] for column in range(recording.columns)]
        row = Text()
        for (colour, is_bold), run in groupby(chars, lambda char: (char.fg, char.bold)):
            row.append(
                "".join(char.data for char in run), Style(color=_COLOURS.get(colour, colour), bold=is_bold)
            )
        row.rstrip()
        yield row


def cast(command: str, recording: Recording) -> Iterator[str]:
    """Write a recording in asciinema's format (asciicast v2)."""
    head = {"version": 2, "width": recording.columns, "height": ROWS, "title": command}
    yield json.dumps(head)
    yield json.dumps([0, "o", f"$ {command}\r\n"])
    for seconds, words in recording.events:
        yield json.dumps([round(seconds, 3), "o", words])


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"--> {error}")
