"""What users lose of their requests while apps are released: nothing."""

from tests.bench import releases
from tests.house import House
from tests.outside.load import Load, Tally


def assert_nothing_lost(tally: Tally) -> None:
    """Of as much as is enough to tell, or `Load.enough` has given none."""
    assert tally.failures == [], str(tally)


def assert_releases_lose_nothing(load: Load, house: House, times: int = 1, app: str = "demo") -> None:
    """Release an app under load so many times, and go back once."""
    with load.running():
        rest = load.enough()
        releases.deploys(house, times, app)
        deployed = load.enough()
        releases.roll_back(house, 1, app)
        rolled_back = load.enough()
    for tally in (rest, deployed, rolled_back):
        assert_nothing_lost(tally)
    assert len(deployed.processes) == times + 1, app
    assert len(rolled_back.processes) == 2, app
