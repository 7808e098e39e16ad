"""Going back to a former image is as safe as going back to any release."""

import pytest

from tests.apps import test_rollback as claims

pytestmark = [pytest.mark.lab, pytest.mark.slow]

moody = claims.moody
test_a_former_release_that_does_not_start_any_more = claims.test_a_former_release_that_does_not_start_any_more
test_hooks_do_not_run = claims.test_hooks_do_not_run
test_one_at_a_time_and_finished_by_the_next = claims.test_one_at_a_time_and_finished_by_the_next
workshop = claims.workshop
