"""The commands that the pages show, and what runs each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
_PROGRAMS = r"(?:pyinfra|\./gatehouse|make|python -m deploys\S*|python -m tests\S*)"
_LINE = re.compile(rf"^(?: {{4,}}|\s*- run: |\$ )({_PROGRAMS}(?: .*)?)$", re.MULTILINE)
_INLINE = re.compile(rf"`({_PROGRAMS} [^`\n]*)`")
_SAID = re.compile(r"\s+#.*|\s{2,}.*")
"""What a page says of a command behind it."""


def shown() -> set[str]:
    """Every command of the README and of the pages, as it stands there."""
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    return {command for page in pages for command in commands_in(page.read_text())}


def commands_in(page: str) -> Iterator[str]:
    for found in (*_LINE.findall(page), *_INLINE.findall(page)):
        yield _SAID.sub("", found).strip()


@dataclass(frozen=True)
class OnServer:
    """A command that is run on a server that has what the settings say, and no other release."""

    command: str
    says: str
    code: int = 0


PYINFRA = "pyinfra inventories/prod.py deploys"
LOCALLY = "python -m deploys.proxies.traefik.locally"
LOOK = "pyinfra -y inventories/prod.py deploys"
ON_SERVER = (
    OnServer(f"{PYINFRA}/site.py --dry --diff", "Detected changes"),
    OnServer(f"{PYINFRA}/site.py", "still has the traffic"),
    OnServer(f"{LOOK}/site.py", "still has the traffic"),
    OnServer("./gatehouse site prod --dry --diff", "no changes"),
    OnServer("./gatehouse site prod", "no changes"),
    OnServer(f"{PYINFRA}/site.py --limit web1.example.com", "still has the traffic"),
    OnServer(f"{PYINFRA}/site.py --exclude web2.example.com", "still has the traffic"),
    OnServer(f"{PYINFRA}/packages.py deploys/site.py", "Packages of the apps"),
    OnServer(f"{LOOK}/status.py", "nothing is wrong"),
    OnServer("./gatehouse status prod", "nothing is wrong"),
    OnServer("./gatehouse status prod --json", '"problems": []'),
    OnServer("./gatehouse --help", "Exit codes: 0 all is as wanted"),
    OnServer(f"{LOOK}/verify.py", "DNS has neither", code=1),
    OnServer(f"{LOOK}/advise.py", "-> direct"),
    OnServer(f"{LOOK}/report.py", "Not counted"),
    OnServer(f"{LOOK}/report.py --data since=2h --data site=www.example.com", "Not counted"),
    OnServer(f"{PYINFRA}/alert.py", "nobody was told", code=1),
    OnServer(f"{PYINFRA}/backup.py", "back up to"),
    OnServer(f"{PYINFRA}/renew.py --data rehearse=yes", "rehearse with"),
    OnServer(f"{PYINFRA}/renew.py", "renew (asked for)"),
    OnServer(f"{PYINFRA}/renew.py --data site=www.example.com", "renew (asked for)"),
    OnServer(f"{PYINFRA}/maintenance.py --data maintenance=on", "Maintenance: on"),
    OnServer(f"{PYINFRA}/maintenance.py --data maintenance=off", "Maintenance: off"),
    OnServer(f"{PYINFRA}/rollback.py", "no former release", code=1),
    OnServer(f"{PYINFRA}/rollback.py --data app=shop", "no former release", code=1),
    OnServer(f"{PYINFRA}/rollback.py --data to=7", "there is no release 7", code=1),
    OnServer("./gatehouse rollback prod", "no former release", code=2),
    OnServer(f"{PYINFRA}/site.py --data again=yes", "still has the traffic"),
    OnServer(f"{PYINFRA}/forget.py --dry", "every certificate belongs to a site"),
    OnServer(f"{PYINFRA}/forget.py", "every certificate belongs to a site"),
)

ELSEWHERE = {
    f"{LOCALLY} main:app --app-dir ../shop --uvicorn ../shop/.venv/bin/uvicorn": (
        "tests/proxies/traefik/test_locally.py"
    ),
    "make bench": "measures for half an hour; tests/bench",
    "make bench DEBIAN=12": "the same, on another release",
    "make check": "the tests themselves",
    "make demo": "the demo's own steps are tests/demonstrate.py, whose claims are tests/outside/proofs.py",
    "make lab-down": "tests/lab/test_lab_down.py",
    "make pins": "asks an index what is newest; tests/test_pins.py holds what it has written",
    "make pictures": "what draws these pages; its steps are those of the demo",
    "make test": "the tests themselves",
    "make test-all": "the tests themselves",
    "make tools": "what the tests run in",
    "make venv": "what the tests run in",
    "make venv && . .venv/bin/activate": "what the tests run in",
    "python -m tests.lab dns app.test ADDRESS": "tests/lab",
    "python -m tests.lab down": "tests/lab/test_lab_down.py",
    "python -m tests.lab ssh web": "tests/lab",
    "python -m tests.lab up web": "tests/lab/test_lab_servers.py",
    "./gatehouse site lab": "tests/pictures.py runs it, and draws what is on its screen",
    "./gatehouse run prod --app shop": "a shell needs a terminal; tests/apps/test_run.py",
    "./gatehouse run prod --app shop -- python manage.py createsuperuser": "tests/apps/test_run.py",
    f"{LOOK}/run.py --data app=shop --data command='python -m shop.tidy'": "tests/apps/test_run.py",
    "pyinfra -y inventories/lab.py deploys/site.py": "tests/demonstrate.py",
    f"{PYINFRA}/uninstall.py": "tests/site/test_uninstall.py",
    f"{PYINFRA}/uninstall.py --dry": "tests/site/test_uninstall.py",
}
"""What no test runs as it stands here, and where what it does is tested."""
