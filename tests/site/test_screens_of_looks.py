"""What is read of status, verify and report, by a pipe and at terminals: all is well, or an app is down."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import pytest

from tests.command.clone import Clone
from tests.house import House
from tests.lab.clients import Client
from tests.lab.waiting import until
from tests.site.inventory import hosts
from tests.site.shown import in_cells, shown
from tests.terminal import record

pytestmark = [pytest.mark.lab, pytest.mark.slow]

Lines = tuple[str, ...]
PIPE = None
"""Instead of the columns of a terminal."""


@dataclass(frozen=True)
class Operator:
    """Whoever sits at a machine which knows the lab's names and trusts its CA."""

    house: House
    clone: Clone
    machine: Client

    def read(self, words: str, columns: int | None = PIPE) -> tuple[int, Lines]:
        """Run a command; give its code, and all that is read of it.

        Args:
            words: the command.
            columns: the terminal's width; without one, a pipe reads it.

        """
        root = self.clone.root
        command = self.machine.command(str(root / "gatehouse"), *words.split())
        environment = {"SSL_CERT_FILE": str(self.house.outside.roots)}
        if columns is not PIPE:
            recording = record(command, columns=columns, cwd=root, environment=environment)
            return recording.code, in_cells(shown("\n".join(recording.lines), self.house))
        done = subprocess.run(
            command,
            cwd=root,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=os.environ | environment,
            check=False,
        )
        return done.returncode, in_cells(shown(done.stdout + done.stderr, self.house))


@pytest.fixture
def operator(shop: House, clone: Clone) -> Operator:
    clone.write({"inventories/prod.py": hosts(shop, "web")})
    return Operator(shop, clone, shop.lab.client("operator"))


@pytest.fixture
def outage(shop: House) -> Iterator[None]:
    """Have the app stopped for a while."""
    live = "test -e /var/lib/gatehouse/live/shop-b"
    slot = "b" if shop.server.run(live, check=False).returncode == 0 else "a"
    shop.server.run(f"systemctl stop gatehouse-shop-{slot}.service")
    yield
    shop.server.run(f"systemctl start gatehouse-shop-{slot}.service")
    until(
        lambda: shop.outside.get("/health").status_code == 200,
        within=30,
        otherwise="the app does not come back",
    )


HEAD = ("web", "  nginx active, disk N.N of N.N GB, memory N.N of N.N GB, alerts not set", "")
SITES = "  site  answers  certificate"
GOOD = "  https://SITE/  N OK  N days left"
BAD = "  https://SITE/  N Bad Gateway  N days left"
CLOSED = "  https://SITE/  N Service Unavailable  N days left  maintenance"
APPS = "  app  release  commit  age  slot  state  memory  restarts"
SHOP = "  shop  N  C  TIME  X  active  N MB  N"
SHOP_DOWN = "  shop  N  C  TIME  X  inactive  N"
WELL = ("", "  ✓ nothing is wrong")
TO_DO = (
    "",
    "  ✗ shop: release N is inactive",
    "  ✗ https://SITE/ answers N Bad Gateway",
    "  to do: ./gatehouse site prod starts what has stopped",
    "  to do: what is behind it, and what helps: docs/troubleshooting.md",
)


def status(site: str, shop: str, end: Lines, columns: int | None = PIPE) -> Lines:
    """Put a screen of status together; in 80 columns, the last one of the apps' has no room."""
    last = ("last deploy", "TIME ago by WHO")
    cells = [f"  {one}" for one in last] if columns != 80 else [f"\n        {one}" for one in last]
    apps = (APPS + cells[0], shop + cells[1])
    return (*HEAD, SITES, site, "", *"\n".join(apps).splitlines(), *end)


@pytest.mark.parametrize("columns", [PIPE, 120, 80])
def test_status(operator: Operator, columns: int | None) -> None:
    assert operator.read("status prod", columns) == (0, status(GOOD, SHOP, WELL, columns))


@pytest.mark.parametrize("columns", [PIPE, 80])
def test_status_of_an_outage(operator: Operator, outage: None, columns: int | None) -> None:
    assert operator.read("status prod", columns) == (1, status(BAD, SHOP_DOWN, TO_DO, columns))


def test_status_where_one_of_two_hosts_is_down(operator: Operator) -> None:
    operator.clone.write({"inventories/prod.py": hosts(operator.house, "web", "gone")})
    gone = ("gone", "  ✗ not reached: nothing answers at port N of N.N.N.N", "")
    lines = (*gone, *status(GOOD, SHOP, WELL), "✗ failed: gone")
    assert operator.read("status prod") == (1, lines)


def test_status_under_maintenance(operator: Operator) -> None:
    assert operator.read("maintenance prod on --yes")[0] == 0
    try:
        assert operator.read("status prod") == (0, status(CLOSED, SHOP, WELL))
    finally:
        assert operator.read("maintenance prod off --yes")[0] == 0


CLAIMS = {
    "SITE at ADDRESS is this server": "the same certificate here and there",
    "SITE at ADDRESS has a certificate that is trusted": "89 days left, from Pebble Intermediate CA 4ce084",
    "http://SITE at ADDRESS redirects to https://": "301, path and query kept",
    "SITE sends Strict-Transport-Security as set": "max-age=63072000",
    "https://SITE/ answers": "status 200",
    "shop itself does not answer from outside": "29696, 29697 closed",
}
DOWN = {"https://SITE/ answers": "status 502 Bad Gateway"}


def verify(house: House, columns: int | None = PIPE, down: Mapping[str, str] = MappingProxyType({})) -> Lines:
    """Put a screen of verify together: what was seen stands below its claim where there is no room."""
    named = {claim: claim.replace("SITE", house.domain) for claim in CLAIMS}
    named = {claim: words.replace("ADDRESS", str(house.server.address)) for claim, words in named.items()}
    longest = max(map(len, named.values()))
    lines = ["web"]
    for claim, words in named.items():
        seen = down.get(claim, CLAIMS[claim])
        has_room = columns is PIPE or len("✓ ") + longest + len("  ") + len(seen) <= columns
        lines.append(
            f"{'✗' if claim in down else '✓'} {words}{'  ' if has_room else chr(10) + ' ' * 4}{seen}"
        )
    end = f"  {len(down)} of {len(CLAIMS)} claims do not hold" if down else f"  all {len(CLAIMS)} claims hold"
    return shown("\n".join([*lines, end]), house)


@pytest.mark.parametrize("columns", [PIPE, 120, 80])
def test_verify(operator: Operator, columns: int | None) -> None:
    assert operator.read("verify prod", columns) == (0, verify(operator.house, columns))


@pytest.mark.parametrize("columns", [PIPE, 80])
def test_verify_in_an_outage(operator: Operator, outage: None, columns: int | None) -> None:
    assert operator.read("verify prod", columns) == (1, verify(operator.house, columns, DOWN))


def test_verify_where_one_of_two_hosts_is_down(operator: Operator) -> None:
    operator.clone.write({"inventories/prod.py": hosts(operator.house, "web", "gone")})
    gone = ("✗ gone: nothing answers at port N of N.N.N.N", "✗ failed: gone")
    assert operator.read("verify prod") == (1, (*verify(operator.house), *gone))


@pytest.fixture
def asked(operator: Operator) -> None:
    """Have the access log tell of one page that is not there, and of a look of gatehouse's own."""
    house = operator.house
    house.server.run("rm -f /var/log/nginx/access.log.*; : > /var/log/nginx/access.log")
    for _ in range(3):
        house.outside.get("/no-such-anvil/7?secret=1")
    operator.read("status prod")


OURS = ("", "Not counted: N of gatehouse's own looks and of certificates' challenges")
PAGE = "GET SITE/no-such-anvil/:id"
REPORT = (
    "web: the last day",
    "site  requests  Nxx  Nxx  Nxx  Nxx  median  N %  N %  sent",
    "SITE  N  N  N  N  N  N ms  N ms  N ms  N B",
    *("", "The slowest", "N %  median  requests  what", f"N ms  N ms  N  {PAGE}"),
    *("", "Not found, or refused", "count  what", f"N  N {PAGE}"),
    *("", "The busiest clients", "count  what", "N  N.N.N.N"),
    *OURS,
)


@pytest.mark.parametrize("columns", [PIPE, 120, 80])
def test_report(operator: Operator, asked: None, columns: int | None) -> None:
    assert operator.read("report prod", columns) == (0, REPORT)


def test_report_where_one_of_two_hosts_is_down(operator: Operator, asked: None) -> None:
    operator.clone.write({"inventories/prod.py": hosts(operator.house, "web", "gone")})
    gone = ("✗ gone: nothing answers at port N of N.N.N.N", "✗ failed: gone")
    assert operator.read("report prod") == (1, (*REPORT, *gone))


def test_report_of_nothing(operator: Operator) -> None:
    operator.house.server.run("rm -f /var/log/nginx/access.log.*; : > /var/log/nginx/access.log")
    operator.read("status prod")
    words = "report prod --since 2h --site SITE".replace("SITE", operator.house.domain)
    assert operator.read(words) == (0, ("web: SITE, the last TIME", "no requests in this time", *OURS))


def test_a_renewal_that_fails(operator: Operator) -> None:
    """The CA is gone: what is served stays, and the next step is told."""
    settings = (operator.clone.root / "group_data/prod.py").read_text()
    ca = operator.house.lab.ca.directory
    gone = ca.replace(":14000/", ":9/")
    assert gone != ca
    operator.clone.write({"group_data/prod.py": settings.replace(ca, gone)})
    why = (
        "  certbot:",
        "      | An unexpected error occurred:",
        "      | ValueError: Requesting N.N.N.N/dir: Connection refused",
    )
    try:
        assert operator.read("renew prod --yes") == (
            1,
            (
                "web: failed at Certificate for SITE: renew (asked for); no changes besides",
                "  https://SITE/  N OK, certificate good for N days",
                "  look: ./gatehouse status prod",
                "✗ Certificate for SITE: renew (asked for)",
                *why,
                "✗ Certificates: all are renewed",
                "  failed, see above: SITE; all else was done",
            ),
        )
        assert operator.read("renew prod --rehearse") == (
            1,
            (
                "✗ Certificate for SITE: rehearse with https://CA/dir",
                *why,
                "✗ Certificates: all can be issued",
                "  failed, see above: SITE; all else was done",
            ),
        )
    finally:
        operator.clone.write({"group_data/prod.py": settings})
