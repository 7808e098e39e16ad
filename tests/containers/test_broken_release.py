"""A broken image changes nothing: the same cases as of every app, but for those of Python's packages."""

from dataclasses import replace

import pytest

from tests.apps import test_broken_release as claims
from tests.apps.workshop import Workshop

pytestmark = [pytest.mark.lab, pytest.mark.slow]

workshop = claims.workshop
test_commands_after_the_switch_that_fail = claims.test_commands_after_the_switch_that_fail

OF_PYTHON = {"a crash after its first answer", "a requirement that is nowhere"}


WITHIN = 20
"""Seconds in which a container begins to answer on a machine that is busy."""


@pytest.mark.parametrize("case", [case for case in claims.BREAKS if case not in OF_PYTHON])
def test_a_broken_image_changes_nothing(workshop: Workshop, case: str) -> None:
    broken = claims.BREAKS[case]
    health = broken.settings.get("health", {})
    if "timeout" in health:
        told = broken.expected.replace(f"within {health['timeout']} s", f"within {WITHIN} s")
        settings = {**broken.settings, "health": {**health, "timeout": WITHIN}}
        broken = replace(broken, expected=told, settings=settings)
    claims.assert_changes_nothing(workshop, broken)
