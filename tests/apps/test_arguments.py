"""What steps are told on a host."""

from pathlib import Path

import pytest

from deploys.apps import arguments
from deploys.apps.state import Found
from deploys.apps.steps import After, Before, Drain, Resume, Return, Start, Step, Switch, Try
from tests.apps.test_made import release

OBEY = (("/usr/bin/follow", "now"),)
UNITS = frozenset({"gatehouse-shop-a.service"})
MAY_BE_LED_TO = [Before("a", 2), Start("a", 2), Return("a", 1, UNITS), Switch("a", 2), Drain("a")]
GO_ON = [Resume("a", 2), Try("a", 2), After("a", 2)]


@pytest.mark.parametrize("step", [*MAY_BE_LED_TO, *GO_ON])
def test_a_proxy_is_told_of_marks_where_one_has_been_moved_or_may_have_been(
    tmp_path: Path, step: Step
) -> None:
    _, argument = arguments.of(release(tmp_path, has_secrets=False, obey=OBEY), step, Found())
    assert argument.get("obey", ()) == ([*OBEY] if step in MAY_BE_LED_TO else ())
