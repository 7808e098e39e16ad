"""An app as an image goes the way of every app: the same claims, held against it."""

import pytest

from tests.apps import test_release as claims
from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.provision import pyinfra

pytestmark = [pytest.mark.lab, pytest.mark.slow]

test_a_dry_run_says_so_too = claims.test_a_dry_run_says_so_too
test_a_former_source_is_not_built_again = claims.test_a_former_source_is_not_built_again
test_a_new_source_is_built_beside_and_takes_over = claims.test_a_new_source_is_built_beside_and_takes_over
test_a_release_belongs_to_root_and_is_closed_to_others = (
    claims.test_a_release_belongs_to_root_and_is_closed_to_others
)
test_a_rerun_changes_nothing = claims.test_a_rerun_changes_nothing
test_nobody_on_the_machine_passes_for_the_proxy = claims.test_nobody_on_the_machine_passes_for_the_proxy
test_only_the_last_releases_are_kept = claims.test_only_the_last_releases_are_kept
test_settings_alone_take_the_same_way = claims.test_settings_alone_take_the_same_way


def test_two_images_are_kept_apart(shop: Workshop, make_workshop: MakeWorkshop) -> None:
    """As any two apps, though inside they have the same number, port and places."""
    cafe = make_workshop("cafe")
    data = {shop.server.name: claims.both(shop, cafe)}
    pyinfra(data, deploy="tests/apps/apps_alone.py").check()
    assert cafe.answer()["uid"] == shop.answer()["uid"]
    users = [
        shop.server.run(f"ps -o user= -p $(systemctl show -P MainPID {app.unit()})") for app in (cafe, shop)
    ]
    assert [user.stdout for user in users] == ["app-cafe\n", "app-shop\n"]
    for path in ("/srv/cafe/current/code/app/main.py", "/var/lib/app-cafe"):
        look = f"runuser -u app-shop -- ls {path}"
        assert "Permission denied" in shop.server.run(look, check=False).stderr
    assert not claims.reaches(shop, cafe)
    assert not claims.reaches(cafe, shop)
    assert claims.reaches(cafe, cafe)
