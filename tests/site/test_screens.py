"""The last screen of each command, as a pipe gets it: what is so, what to do, and the exit code."""

from dataclasses import dataclass, field

import pytest

from tests.command.clone import Clone
from tests.house import House
from tests.site.inventory import hosts
from tests.site.shown import shown

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@dataclass(frozen=True)
class Screen:
    """A command of a user's, how it ends, and all that is read of it, with each number as N."""

    words: str
    code: int
    lines: tuple[str, ...]
    data: dict[str, str] = field(default_factory=dict)


OF_SHOP = "  shop: release N of commit C still has the traffic"
OF_SITE = "  https://SITE/  N OK, certificate good for N days"
LOOK = "  look: ./gatehouse status prod"
TO_DO = "  to do: nobody is told when a renewal fails: set alerts"
SCREENS = (
    Screen("site prod --yes", 0, ("web: no changes", OF_SHOP, OF_SITE, TO_DO)),
    Screen("site prod", 0, ("web: no changes", OF_SHOP, OF_SITE, TO_DO)),
    Screen("site prod --dry", 0, ("web: no changes",)),
    Screen(
        "site prod --yes --data proxy=ngins",
        2,
        (
            "gatehouse: settings refused, nothing was changed",
            "gatehouse: web: proxy: 'ngins': did you mean 'nginx'?"
            " write 'nginx', 'caddy', 'traefik' or 'none'",
        ),
    ),
    Screen(
        "forget prod --yes",
        0,
        ("web: no changes", "  every app is in the settings", "  every certificate belongs to a site"),
    ),
    Screen("maintenance prod off --yes", 0, ("web: no changes", OF_SITE)),
    Screen(
        "renew prod",
        0,
        (
            "web will change:",
            "  Certificate for SITE: renew (asked for)",
            "Press enter to go on; Ctrl-C changes nothing.",
            "web: N change",
            OF_SITE,
            LOOK,
            "✓ Certificate for SITE: renew (asked for)",
        ),
    ),
    Screen(
        "renew prod --rehearse",
        0,
        (
            "  the CA would issue it; nothing was changed",
            "✓ Certificate for SITE: rehearse with https://CA/dir",
        ),
    ),
    Screen(
        "renew prod --rehearse --dry",
        0,
        ("web would try:", "  Certificate for SITE: rehearse with https://CA/dir"),
    ),
    Screen("run prod -- id -un", 0, ("    | app-shop",)),
    Screen("run prod -- false", 1, ()),
    Screen(
        "run prod --app shopp -- id",
        2,
        ("gatehouse: web: app: 'shopp': did you mean 'shop'? write one of the apps: shop",),
    ),
    Screen("rollback prod", 2, ("gatehouse: web: shop: there is no former release to go back to",)),
    Screen(
        "alert prod",
        1,
        (
            "✗ Alerts: send a test",
            "  test",
            "  This is a test. Nothing is wrong.",
            "  nobody was told: this server knows no alerts; set alerts, and run ./gatehouse site prod",
        ),
    ),
    Screen(
        "verify prod",
        1,
        (
            "web",
            "✗ SITE has an address  DNS has neither an A nor an AAAA record for it;"
            " add one that leads to this server",
            "  N of N claims do not hold",
        ),
    ),
    Screen(
        "renew prod --yes --data site=other.test",
        2,
        ("gatehouse: site: 'other.test': write a site with a certificate from the CA: SITE",),
    ),
    Screen(
        "report prod --data since=soon",
        2,
        ('gatehouse: since: \'soon\': write minutes, hours or days, like "Nm", "Nh" or "Nd"',),
    ),
)


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.words)
def test_what_is_read(shop: House, clone: Clone, screen: Screen) -> None:
    clone.write({"inventories/prod.py": hosts(shop, "web")})
    ended = clone.run(*screen.words.split(), typed="\n")
    assert (ended.code, shown(ended.read, shop)) == (screen.code, screen.lines)


GONE = "✗ gone: nothing answers at port N of N.N.N.N"
FAILED = "✗ failed: gone"
HALF = (
    Screen("site prod --yes", 1, ("web: no changes", OF_SHOP, OF_SITE, TO_DO, GONE, FAILED)),
    Screen("maintenance prod off --yes", 1, ("web: no changes", OF_SITE, GONE, FAILED)),
    Screen(
        "renew prod --dry",
        1,
        ("web would change:", "  Certificate for SITE: renew (asked for)", GONE, FAILED),
    ),
    Screen("rollback prod", 2, (GONE, "gatehouse: web: shop: there is no former release to go back to")),
    Screen(
        "alert prod",
        1,
        (
            GONE,
            "✗ Alerts: send a test",
            "  test",
            "  This is a test. Nothing is wrong.",
            "  nobody was told: this server knows no alerts; set alerts, and run ./gatehouse site prod",
            "✗ failed: gone, web",
        ),
    ),
    Screen(
        "backup prod",
        1,
        (
            GONE,
            "  N bytes in backups/prod.backup",
            "✓ Certificates: back up to backups/prod.backup",
            FAILED,
        ),
    ),
    Screen(
        "forget prod --yes",
        1,
        (
            "web: no changes",
            "  every app is in the settings",
            "  every certificate belongs to a site",
            GONE,
            FAILED,
        ),
    ),
    Screen("run prod -- id -un", 1, ("    | app-shop", GONE, FAILED)),
)


@pytest.mark.parametrize("screen", HALF, ids=lambda screen: screen.words)
def test_what_is_read_where_one_of_two_hosts_is_down(shop: House, clone: Clone, screen: Screen) -> None:
    clone.write({"inventories/prod.py": hosts(shop, "web", "gone")})
    passphrase = {"GATEHOUSE_BACKUP_PASSPHRASE": "correct horse battery staple"}
    ended = clone.run(*screen.words.split(), typed="\n", environment=passphrase)
    assert (ended.code, shown(ended.read, shop)) == (screen.code, screen.lines)


@pytest.mark.parametrize("verb", ["status prod", "verify prod", "report prod", "uninstall prod --dry"])
def test_a_host_that_is_down_holds_up_no_other(shop: House, clone: Clone, verb: str) -> None:
    clone.write({"inventories/prod.py": hosts(shop, "web", "gone")})
    ended = clone.run(*verb.split())
    assert ended.code == 1, ended.lines
    told = [line for line in ended.lines if "gone" in line or "nothing answers at port 9" in line]
    assert told, "expected to read of the host that is down"
    assert any(line.startswith("web") for line in ended.lines), "expected to read of the other host"
    assert "Traceback" not in "\n".join(ended.lines)
