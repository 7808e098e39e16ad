"""A release from its build to the traffic, on a server."""

import re
from typing import Any

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.provision import pyinfra

pytestmark = pytest.mark.lab


def test_a_rerun_changes_nothing(shop: Workshop) -> None:
    before = shop.answer()["pid"]
    assert shop.deploy().check().changed == []
    assert shop.answer()["pid"] == before


def test_a_history_that_anyone_may_read_is_closed(shop: Workshop) -> None:
    """As an earlier gatehouse left it, and though nothing is released."""
    history = "/var/lib/gatehouse/history/shop"
    shop.server.run(f"chmod 644 {history}")
    assert shop.deploy().check().changed == ["Make the users of apps"]
    assert shop.server.run(f"stat -c %a {history}").stdout == "600\n"
    assert shop.deploy().check().changed == []


def test_a_dry_run_says_so_too(shop: Workshop) -> None:
    run = shop.deploy("--dry", "--diff", yes=False).check()
    assert re.search(r"Release shop +- +-", run.output), run.output
    assert "shop: will" not in run.output


def test_a_dry_run_tells_the_steps_and_shows_the_units(shop: Workshop) -> None:
    run = shop.deploy("--dry", "--diff", yes=False, processes={"mail": "sleep infinity"}).check()
    assert "shop: will start release" in run.output
    assert "ExecStart=/usr/bin/env sleep infinity" in run.output
    assert shop.deploy().check().changed == []


def test_a_new_source_is_built_beside_and_takes_over(shop: Workshop) -> None:
    slot, releases = shop.live(), shop.releases()
    shop.says("second")
    run = shop.deploy().check()
    assert shop.answer()["words"] == "second"
    assert shop.live() != slot
    assert len(shop.releases()) == len(releases) + 1
    assert shop.running() == [shop.unit()]
    assert "start release" in run.output
    assert shop.server.run("readlink /srv/shop/current").stdout.strip().endswith(shop.releases()[-1])


def test_a_build_takes_one_line_of_the_journal_to_begin(shop: Workshop) -> None:
    """And none of its script, which is long and the user's own."""
    shop.says("told of")
    shop.deploy().check()
    told = "journalctl --sync; journalctl --quiet --output=cat UNIT=gatehouse-shop-build.service"
    lines = shop.server.run(told).stdout.splitlines()
    began = [line for line in lines if line.startswith("Started ")]
    assert began[-1].endswith(f"shop: build of release {shop.releases()[-1]}.")
    assert [line for line in lines if "/" in line] == []


@pytest.mark.slow
def test_a_former_source_is_not_built_again(shop: Workshop) -> None:
    shop.says("third")
    shop.deploy().check()
    shop.says("fourth")
    shop.deploy().check()
    releases = shop.releases()
    shop.says("third")
    run = shop.deploy().check()
    assert run.changed == ["Release shop"]
    assert shop.answer()["words"] == "third"
    assert shop.releases() == releases


def test_settings_alone_take_the_same_way(shop: Workshop) -> None:
    slot = shop.live()
    shop.deploy(env={"GREETING": 'a "b" $HOME %n \\ é'}).check()
    assert shop.live() != slot
    assert shop.answer()["environment"]["GREETING"] == 'a "b" $HOME %n \\ é'
    shop.deploy().check()


@pytest.mark.slow
def test_only_the_last_releases_are_kept(shop: Workshop) -> None:
    for number in range(2):
        shop.says(f"word {number}")
        shop.deploy(keep=2).check()
    assert len(shop.releases()) == 2
    assert shop.deploy(keep=2).check().changed == []


def test_a_release_belongs_to_root_and_is_closed_to_others(shop: Workshop) -> None:
    user = shop.answer()["uid"]
    assert user != 0
    find = "find /srv/shop -mindepth 1 -not -type l"
    assert shop.server.run(f"{find} \\( -not -user root -o -perm /0022 -o -perm /0007 \\)").stdout == ""
    write = "runuser -u app-shop -- touch /srv/shop/releases/x"
    assert shop.server.run(write, check=False).returncode != 0


def test_the_unit_is_sandboxed(shop: Workshop) -> None:
    words = shop.server.run(f"systemd-analyze security --no-pager {shop.unit()} | tail -1").stdout
    assert float(words.rpartition(":")[0].rpartition(":")[2].split()[0]) <= 2.0, words


def test_two_apps_cannot_read_each_other(shop: Workshop, make_workshop: MakeWorkshop) -> None:
    cafe = make_workshop("cafe")
    data = both(shop, cafe)
    pyinfra({shop.server.name: data}, deploy="tests/apps/apps_alone.py").check()
    unclear = pyinfra({shop.server.name: data}, deploy="deploys/rollback.py")
    assert "which app? Add --data app=NAME with one of: cafe, shop" in unclear.output
    assert cafe.answer()["uid"] != shop.answer()["uid"]
    for path in ("/srv/cafe/current/code/shop/main.py", "/var/lib/app-cafe"):
        look = f"runuser -u app-shop -- ls {path}"
        assert "Permission denied" in shop.server.run(look, check=False).stderr
    assert not reaches(shop, cafe)
    assert not reaches(cafe, shop)
    assert reaches(cafe, cafe)


def both(one: Workshop, other: Workshop) -> dict[str, Any]:
    data = one.host_data()
    data["apps"] |= other.host_data()["apps"]
    data["sites"] |= other.host_data()["sites"]
    return data


def reaches(one: Workshop, other: Workshop) -> bool:
    """Say whether what runs as one app can connect to another."""
    return connects(other, f"app-{one.name}")


def connects(workshop: Workshop, user: str) -> bool:
    """Say whether what runs as a user of the machine can connect to an app."""
    port = workshop.port + (workshop.live() == "b")
    connect = f"import socket; socket.create_connection(('127.0.0.1', {port}), 3)"
    ask = f'runuser -u {user} -- python3 -c "{connect}"'
    return workshop.server.run(ask, check=False).returncode == 0


@pytest.mark.slow
def test_nobody_on_the_machine_passes_for_the_proxy(shop: Workshop) -> None:
    """Though it comes from 127.0.0.1, too, and though the app is the only one."""
    shop.deploy().check()
    assert not connects(shop, "nobody")
    assert [connects(shop, user) for user in ("www-data", "root", "app-shop")] == [True] * 3
    assert shop.deploy().check().changed == []


@pytest.mark.slow
def test_the_wall_between_apps_stays(shop: Workshop, make_workshop: MakeWorkshop) -> None:
    cafe = make_workshop("cafe")
    data = {shop.server.name: both(shop, cafe)}

    def changed() -> list[str]:
        return pyinfra(data, deploy="tests/apps/apps_alone.py").check().changed

    changed()
    assert changed() == []
    for flush in ("systemctl start nftables", "systemctl reload nftables", "systemctl restart nftables"):
        shop.server.run(flush)
        assert not reaches(shop, cafe), flush
    shop.server.run("systemctl stop nftables && systemctl start nftables")
    assert not reaches(shop, cafe)
    assert changed() == []
    for broken in (
        "nft flush ruleset",
        "nft flush table inet gatehouse_app_shop; nft flush table inet gatehouse_app_cafe",
        "systemctl stop nftables",
    ):
        shop.server.run(broken)
        assert reaches(shop, cafe), broken
        assert changed() == ["Close off apps"]
        assert not reaches(shop, cafe), broken
    shop.server.run("systemctl enable --now nftables")
    shop.server.reboot()
    assert not reaches(shop, cafe)
    assert reaches(cafe, cafe)
    assert changed() == []
    shop.server.run("systemctl disable --now nftables")
    assert changed() == ["Close off apps"]


@pytest.mark.slow
def test_a_directory_of_somebody_else_is_left_alone(make_workshop: MakeWorkshop) -> None:
    workshop = make_workshop("www")
    server = workshop.server
    server.run("mkdir -p /srv/www/releases && echo hello > /srv/www/index.html")
    run = workshop.deploy()
    assert run.code != 0
    assert "www: nothing was changed, as /srv/www is there already and is not this app's" in run.output
    assert server.run("stat -c '%U:%G %a' /srv/www; id app-www", check=False).stdout == "root:root 755\n"
    server.run("rm -r /srv/www/releases && chmod 700 /srv/www")
    workshop.deploy().check()
    assert workshop.answer()["words"] == "first"
    assert server.run("cat /srv/www/index.html").stdout == "hello\n"
    assert workshop.deploy().check().changed == []
