"""Going back, and looking at what is there."""

import re

import pytest

from tests.apps.conftest import MakeWorkshop
from tests.apps.workshop import Workshop
from tests.provision import Run, pyinfra

pytestmark = pytest.mark.lab


@pytest.fixture(scope="module")
def workshop(make_workshop: MakeWorkshop) -> Workshop:
    workshop = make_workshop("wheel")
    for words in ("first", "second", "third"):
        workshop.says(words)
        workshop.deploy(env={"WITH": words}).check()
    return workshop


def roll_back(workshop: Workshop, *flags: str) -> Run:
    return workshop.deploy(*flags, deploy="deploys/rollback.py", env={"WITH": "other settings"})


def test_back_to_the_former_release_just_as_it_was(workshop: Workshop) -> None:
    roll_back(workshop).check()
    answer = workshop.answer()
    assert (answer["words"], answer["environment"]["WITH"]) == ("second", "second")
    assert workshop.running() == [workshop.unit()]


@pytest.mark.slow
def test_what_only_failed_to_start_is_not_gone_back_to(workshop: Workshop) -> None:
    before = workshop.answer()
    workshop.says("broken", "import no_such_module")
    assert workshop.deploy().code != 0
    roll_back(workshop).check()
    assert workshop.answer()["words"] == "third"
    roll_back(workshop).check()
    assert workshop.answer()["words"] == before["words"] == "second"
    workshop.says("third")


def test_back_to_a_release_by_its_number(workshop: Workshop) -> None:
    secrets = {"TOKEN": {"file": "/nowhere/secret.txt"}}
    refused = workshop.deploy("--data", "to=1", deploy="deploys/rollback.py", secrets=secrets)
    assert refused.code != 0
    missing = "apps['wheel']['secrets']['TOKEN']['file']: '/nowhere/secret.txt': no such file or directory"
    assert missing in refused.output
    assert "Traceback" not in refused.output
    roll_back(workshop, "--data", "to=1").check()
    answer = workshop.answer()
    assert (answer["words"], answer["environment"]["WITH"]) == ("first", "other settings")
    assert roll_back(workshop, "--data", "to=1").check().changed == []


def test_a_release_that_is_not_there(workshop: Workshop) -> None:
    before = workshop.answer()["pid"]
    run = roll_back(workshop, "--data", "to=99")
    assert run.code != 0
    assert "wheel: there is no release 99 any more, only 1, 2, 3" in run.output
    assert workshop.answer()["pid"] == before


def test_what_was_rolled_back_from_is_not_released_again_without_a_word(workshop: Workshop) -> None:
    third = {"WITH": "third"}
    before = workshop.answer()["pid"]
    looked = workshop.deploy("--dry", env=third, yes=False).check()
    assert "wheel: stays at release 1, as 3 was rolled back from" in looked.output
    for _ in range(2):
        run = workshop.deploy(env=third)
        assert run.code == 1, run.output
        assert run.changed == [], run.output
        told = r"wheel: release 3 was rolled back from by \S+ at .* UTC; change the app or its settings, or "
        assert re.search(told + "release it all the same: deploys/site.py --data again=yes", run.output)
        assert workshop.answer()["pid"] == before

    looked = workshop.deploy("--dry", "--data", "again=yes", env=third, yes=False).check()
    assert re.search("wheel: will go forward again, after a rollback from release 2 to 1 by", looked.output)
    run = workshop.deploy("--data", "again=yes", env=third).check()
    assert run.changed == ["Release wheel"]
    assert workshop.answer()["words"] == "third"
    assert workshop.deploy(env=third).check().changed == []


@pytest.mark.slow
def test_a_change_goes_forward_again_and_says_so(workshop: Workshop) -> None:
    roll_back(workshop).check()
    assert workshop.answer()["words"] == "first"
    looked = workshop.deploy("--dry", env={"WITH": "a change"}, yes=False).check()
    assert "wheel: will go forward again, after a rollback from release 3 to 1" in looked.output
    assert workshop.deploy(env={"WITH": "a change"}).check().changed == ["Release wheel"]
    assert workshop.answer()["environment"]["WITH"] == "a change"
    assert workshop.deploy(env={"WITH": "third"}).code == 1, "expected what was rolled back from to stay away"
    assert workshop.answer()["environment"]["WITH"] == "a change"
    workshop.deploy("--data", "again=yes", env={"WITH": "third"}).check()


def test_status_says_of_an_app_without_a_proxy_that_nobody_gets_it(workshop: Workshop) -> None:
    run = pyinfra({workshop.server.name: workshop.host_data()}, deploy="deploys/status.py")
    assert run.code != 0
    lines = run.output.splitlines()
    row = next(line for line in lines if line.startswith("  wheel "))
    assert re.search(
        rf"^  wheel +3 +\d+ \w+ +{workshop.live()} +active +\d+ MB +0 +\d+ \w+ ago by \S+$", row
    ), row
    site = next(line for line in lines if line.startswith("  https://wheel.test/ "))
    assert re.search(r" the connection is refused +none +not in DNS$", site), site
    assert [line for line in lines if line.startswith("  ✗ ")] == [
        "  ✗ nginx is inactive: no site answers",
        "  ✗ https://wheel.test/: the connection is refused",
        "  ✗ gatehouse-watch.timer is inactive: nobody looks at the certificates",
    ]


@pytest.mark.slow
def test_what_is_not_healthy_is_not_gone_back_to(workshop: Workshop) -> None:
    before, running = workshop.answer()["pid"], workshop.running()
    health = {"path": "/health", "timeout": 2, "status": 204}
    run = workshop.deploy("--data", "to=1", deploy="deploys/rollback.py", health=health)
    assert run.code != 0
    assert "release 1: not healthy within 2 s" in run.output
    assert workshop.answer()["pid"] == before
    assert workshop.running() == running
    assert workshop.deploy(env={"WITH": "third"}).check().changed == []
