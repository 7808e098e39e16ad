"""A broken image changes nothing: the same cases as of every app, but for those that no image knows."""

from dataclasses import replace

import pytest

from tests.apps import test_broken_release as claims
from tests.apps.workshop import Workshop

pytestmark = [pytest.mark.lab, pytest.mark.slow]

workshop = claims.workshop
test_commands_after_the_switch_that_fail = claims.test_commands_after_the_switch_that_fail

OF_NO_IMAGE = {
    "a crash after its first answer",  # gatehouse starts no server in it
    "a requirement that is nowhere",  # what it needs is in it
    "a build without a secret",  # as is what its build made
    "a file that the sandbox hides",  # podman has it
    "a kind of socket that the sandbox forbids",  # podman needs that kind
}
TOLD_OTHERWISE = {
    "a server of its own": "gatehouse: it listens at 5000, not at 8000: if that is the app, "
    'write "container": {"port": 5000}, or have it listen at $PORT'
}


WITHIN = 20
"""Seconds in which a container begins to answer on a machine that is busy."""


@pytest.mark.parametrize("case", [case for case in claims.BREAKS if case not in OF_NO_IMAGE])
def test_a_broken_image_changes_nothing(workshop: Workshop, case: str) -> None:
    broken = claims.BREAKS[case]
    broken = replace(broken, expected=TOLD_OTHERWISE.get(case, broken.expected))
    health = broken.settings.get("health", {})
    if "timeout" in health:
        told = broken.expected.replace(f"within {health['timeout']} s", f"within {WITHIN} s")
        settings = {**broken.settings, "health": {**health, "timeout": WITHIN}}
        broken = replace(broken, expected=told, settings=settings)
    claims.assert_changes_nothing(workshop, broken)
