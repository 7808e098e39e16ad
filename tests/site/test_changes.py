"""The last screen of commands that change a server: what is so now, what failed and why, how to go on."""

import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.command.clone import Clone
from tests.documented import ROOT
from tests.house import House
from tests.lab import Lab
from tests.lab.waiting import until
from tests.provision import pyinfra
from tests.site.team import Apps, Team

pytestmark = [pytest.mark.lab, pytest.mark.slow]

OTHER: Apps = {"shop": {"env": {"GREETING": "hello"}}, "cafe": {}}
OTHERS: Apps = {"shop": {"env": {"GREETING": "hello"}}, "cafe": {"env": {"GREETING": "hello"}}}
SHOP_ALONE: Apps = {"shop": {}}


@pytest.fixture(scope="module")
def whole_team(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Team:
    app = {"source": str(ROOT / "tests/demo"), "asgi": "demo.main:app", "health": {"path": "/health"}}
    server = lab.up("changes", debian="13", furnished=True)
    sites = {f"www.{server.name}.test": {"routes": {"/": {"app": "shop"}}}}
    house = House.on(lab, server, apps={"shop": app, "cafe": app}, sites=sites)
    return Team(house, Clone.at(tmp_path_factory.mktemp("clone")))


@pytest.fixture
def team(whole_team: Team) -> Team:
    whole_team.is_as_wanted()
    return whole_team


ASKED = "Press enter to go on; Ctrl-C changes nothing."
SHOP_STILL = "  shop: release N of commit C still has the traffic"
CAFE_STILL = "  cafe: release N of commit C still has the traffic"
SITE = "  https://SITE/  N OK, certificate good for N days"
TO_DO = "  to do: nobody is told when a renewal fails: set alerts"
LOOK = "  look: ./gatehouse status prod"
MOVES = (
    "start release N in slot {there} and wait until it is healthy",
    "give the traffic to release N in slot {there}",
    "drain slot {here}, then stop it",
)


def slots(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Name the two slots by their parts: which is which depends on how often was released."""
    found = next(
        (match[1] for line in lines if (match := re.search(r"start release N in slot ([ab])", line))), "b"
    )
    other = {"a": "b", "b": "a"}[found]
    named = {f"slot {found}": "slot {there}", f"slot {other}": "slot {here}"}
    return tuple(re.sub("slot [ab]", lambda match: named[match[0]], line) for line in lines)


def test_a_change_and_the_way_back_and_forward(team: Team) -> None:
    team.want(OTHER)
    code, result, way = team.read("site prod")
    assert (code, slots(result), slots(way)) == (
        0,
        (
            *(f"  shop: will {one}" for one in MOVES),
            *("web will change:", "  Release shop", ASKED, "web: N change"),
            CAFE_STILL,
            "  shop: release N of commit C has the traffic, started anew",
            *(SITE, TO_DO, f"{LOOK}   go back: ./gatehouse rollback prod --app shop"),
        ),
        ("✓ Release shop",),
    )

    code, result, way = team.read("rollback prod --app shop")
    again = (MOVES[0].replace(" and", " again as it was, and"), *MOVES[1:])
    assert (code, slots(result), slots(way)) == (
        0,
        (
            *(f"  shop: will {one}" for one in again),
            *("web will change:", "  Roll shop back", ASKED, "web: N change"),
            "  shop: release N of commit C has the traffic, as it was before",
            *(SITE, f"{LOOK}   go forward again: ./gatehouse site prod --again"),
        ),
        ("✓ Roll shop back",),
    )

    stays = "  shop: stays at release N as it was before, since its settings were rolled back"
    held = "Apps: held back by a rollback: shop"
    assert team.read("site prod --dry") == (0, (stays, "web would change:", f"  {held}"), ())
    assert team.read("site prod --yes") == (
        1,
        (
            f"web: failed at {held}; no changes besides",
            CAFE_STILL,
            f"{SHOP_STILL}, by a rollback",
            SITE,
            TO_DO,
            LOOK,
        ),
        (
            f"✗ {held}",
            "  shop: release N, as the settings have it, was rolled back from by WHO at WHEN; change the app"
            " or its settings, or release it all the same: ./gatehouse site prod --again",
        ),
    )

    code, result, _ = team.read("site prod --dry --again")
    assert (code, result[0]) == (
        0,
        "  shop: will go forward again, after release N was rolled back to what it was by WHO at WHEN",
    )
    code, result, _ = team.read("site prod --yes --again")
    assert (code, result[2]) == (0, "  shop: release N of commit C has the traffic, started anew")


MOST_OF_A_CHANGE, MOST_OF_NONE = 24, 7
"""Lines, all of them, from the command to the end."""
HOOKS = {"before": ["true"], "after": ["true"]}
CHANGES: dict[str, Any] = {
    "its code": {},
    "a setting": {"env": {"GREETING": "once more"}},
    "its code and all that a release can have": {"hooks": HOOKS, "keep": 2},
}


@pytest.mark.parametrize("words", ["site prod", "site prod --yes"])
@pytest.mark.parametrize("change", CHANGES)
def test_how_many_lines_a_change_takes(team: Team, tmp_path: Path, change: str, words: str) -> None:
    app = dict(CHANGES[change])
    if change != "a setting":
        app["source"] = str(shutil.copytree(ROOT / "tests/demo", tmp_path / "demo"))
        (tmp_path / "demo/demo/more.py").write_text(f"{words!r}\n{change!r}\n")
    team.want({"shop": app, "cafe": {}})
    code, result, way = team.read(words)
    assert (code, "✓ Release shop" in way) == (0, True)
    assert len(result) + len(way) <= MOST_OF_A_CHANGE, "\n".join((*result, *way))
    code, result, way = team.read(words)
    assert (code, result[0]) == (0, "web: no changes")
    assert len(result) + len(way) <= MOST_OF_NONE, "\n".join((*result, *way))


def test_a_change_of_both(team: Team) -> None:
    team.want(OTHERS)
    code, result, _ = team.read("site prod --yes")
    assert (code, result[-1]) == (
        0,
        f"{LOOK}   go back: ./gatehouse rollback prod --app NAME with cafe or shop",
    )
    assert team.read("rollback prod") == (
        2,
        (),
        ("gatehouse: web: which app? Add --app NAME with one of: cafe, shop",),
    )


def test_to_another_port_there_is_no_way_back(team: Team) -> None:
    """By the proxy's former configuration alone what had the traffic would be found."""
    team.want({"shop": {"port": 28400}, "cafe": {}})
    code, result, _ = team.read("site prod --yes")
    assert (code, result[-1]) == (0, LOOK)
    code, _, way = team.read("rollback prod --app shop")
    assert (code, way[0][:41]) == (2, "gatehouse: web: shop: release N had port ")


def test_by_pyinfra_alone(team: Team) -> None:
    team.want(OTHER)
    data = {**team.house.host_data, **team.settings(OTHER)}
    moved = pyinfra({"web": data}).check()
    assert "shop: release" in moved.output
    assert "has the traffic, started anew" in moved.output
    assert "go back: deploys/rollback.py --data app=shop" in moved.output
    back = pyinfra({"web": data}, "--data", "app=shop", deploy="deploys/rollback.py").check()
    assert "has the traffic, as it was before" in back.output
    assert "go forward again: deploys/site.py --data again=yes" in back.output
    pyinfra({"web": data}, "--data", "again=yes").check()


def test_a_release_that_fails(team: Team, tmp_path: Path) -> None:
    broken = tmp_path / "demo"
    shutil.copytree(ROOT / "tests/demo", broken)
    (broken / "demo" / "main.py").write_text("raise RuntimeError('no configuration for the anvil')\n")
    team.want({"shop": {"source": str(broken)}, "cafe": {}})
    code, result, way = team.read("site prod --yes")
    cause = (
        "release N: 'RuntimeError: no configuration for the anvil', at demo/main.py:N;"
        " it stopped by itself (exit-code, status N)"
    )
    assert (code, slots(result), slots(way)) == (
        1,
        (
            "web: failed at Release shop; N change besides",
            CAFE_STILL,
            f"  shop: failed: {cause}; release N of commit C still has the traffic",
            f"  shop: the next run will {', '.join(MOVES)}",
            *(SITE, TO_DO, LOOK),
        ),
        (
            "  shop: build release N of N files, and install what pyproject.toml says",
            "✓ Build shop",
            f"  shop: {MOVES[0]}",
            "✗ Release shop",
            f"  shop: {cause}; last lines of gatehouse-shop-X.service:",
            "      | Traceback (most recent call last):",
            '      |   File "/srv/shop/releases/N/code/demo/main.py", line N, in <module>',
            "      |     raise RuntimeError('no configuration for the anvil')",
            "      | RuntimeError: no configuration for the anvil",
            "✗ Apps: all are as wanted",
            "  failed, see above: shop; all else was done",
        ),
    )


def test_an_app_that_is_forgotten(team: Team) -> None:
    team.want(SHOP_ALONE)
    code, result, way = team.read("site prod --yes")
    gone = "cafe: no longer in the settings, but still on the server; ./gatehouse forget prod removes it"
    assert (code, result, way) == (
        0,
        ("web: N change", SHOP_STILL, SITE, TO_DO, f"  to do: {gone}", LOOK),
        ("✓ Make the nginx configuration live",),
    )
    code, result, way = team.read("forget prod")
    assert (code, result[-3:], way) == (
        0,
        ("web will change:", "  App cafe: remove", ASKED),
        ("✓ App cafe: remove",),
    )
    assert "  cafe: will remove the user app-cafe" in result
    assert len(result) + len(way) < 12, "expected to read of it briefly"


def test_maintenance(team: Team) -> None:
    try:
        code, result, _ = team.read("maintenance prod on --yes")
        closed = "  https://SITE/  N Service Unavailable, under maintenance, certificate good for N days"
        assert (code, result) == (0, ("web: N change", closed, LOOK))
        code, result, _ = team.read("site prod --yes")
        assert (code, result[0], closed in result) == (0, "web: no changes", True)
    finally:
        code, result, _ = team.read("maintenance prod off --yes")
    assert (code, result) == (0, ("web: N change", SITE, LOOK))


def test_a_run_that_is_interrupted(team: Team, tmp_path: Path) -> None:
    other = tmp_path / "demo"
    shutil.copytree(ROOT / "tests/demo", other)
    (other / "demo" / "more.py").write_text("")
    team.want({"shop": {"source": str(other)}, "cafe": {}})
    is_built = "systemctl is-active gatehouse-shop-build.service"
    command = [str(team.clone.root / "gatehouse"), "site", "prod", "--yes"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as run:
        until(
            lambda: team.house.server.run(is_built, check=False).returncode == 0,
            within=60,
            otherwise="expected the build to begin",
        )
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate()
    assert (run.returncode, slots(team.shown(said))) == (
        130,
        (
            "  shop: build release N of N files, and install what pyproject.toml says",
            "stopping once the present step is done; Ctrl-C again leaves at once",
            "✓ Build shop",
            "web: stopped; done: Build shop",
            *(CAFE_STILL, SHOP_STILL, f"  shop: the next run will {', '.join(MOVES)}", SITE),
            "The next run goes on from there, and does what is left.",
        ),
    )


def test_a_server_that_is_taken_off(team: Team) -> None:
    team.read("maintenance prod on --yes")
    code, result, way = team.read("uninstall prod")
    parts = (
        "Watch: remove",
        "nginx: stop, and remove its configuration",
        *(f"App {app}: remove" for app in ("cafe", "shop")),
        "Apps: remove what they shared",
        *(f"{one}: remove" for one in ("Firewall", "Certificates", "Maintenance", "Folders")),
    )
    assert (code, result[-11:]) == (0, ("web will change:", *(f"  {part}" for part in parts), ASKED))
    assert [line for line in way if not line.startswith("  ")] == [f"✓ {part}" for part in parts]
    assert team.read("uninstall prod") == (0, ("web: no changes",), ())


def test_what_fits(team: Team) -> None:
    code, result, way = team.read("advise prod")
    assert (code, way) == (0, ())
    assert result[-3:] == (
        "  -> direct: nothing stands in front, so the server itself has names, certificates and limits;"
        " no edge is set",
        '     proxy = "nginx"',
        "     the settings have proxy = 'nginx', no edge",
    )
