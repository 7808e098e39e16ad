"""Secrets, processes, jobs, hooks and limits of an app as an image go the way of the release, too."""

import pytest

from tests.apps import test_secrets_and_workers as claims

pytestmark = [pytest.mark.lab, pytest.mark.slow]

_key = claims._key
test_a_changed_secret_takes_the_way_of_a_release = claims.test_a_changed_secret_takes_the_way_of_a_release
test_a_job_at_work_is_not_ended_by_deploys = claims.test_a_job_at_work_is_not_ended_by_deploys
test_a_job_that_ran_is_not_run_again_in_the_other_slot = (
    claims.test_a_job_that_ran_is_not_run_again_in_the_other_slot
)
test_a_rerun_with_secrets_changes_nothing = claims.test_a_rerun_with_secrets_changes_nothing
test_all_of_a_release_goes_back_with_it = claims.test_all_of_a_release_goes_back_with_it
test_everything_of_a_release_starts_with_it = claims.test_everything_of_a_release_starts_with_it
test_what_has_stopped_is_started_again = claims.test_what_has_stopped_is_started_again
test_what_is_no_longer_wanted_is_gone = claims.test_what_is_no_longer_wanted_is_gone
workshop = claims.workshop
