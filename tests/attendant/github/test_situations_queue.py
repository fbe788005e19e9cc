"""Situations S33 to S35: what waits for a queue, a permission or somebody's agreement to an old content."""

import pytest

from bot.errors import Refused
from tests.attendant.github.hands import (
    MAIN,
    approve,
    approved,
    living_on,
    ref,
    tags,
    writes,
)
from tests.attendant.github.street import Street
from tests.forges.github.exchange import as_json
from tests.forges.github.merging import run_queue
from tests.forges.github.rules import Protection, Ruleset

QUEUE = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "MERGE",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 5,
}


def queued(street: Street) -> None:
    street.cast.repo.rulesets[5] = Ruleset(5, "Queue", "branch", ("~DEFAULT_BRANCH",), {"merge_queue": QUEUE})


def test_s33_a_merge_queue(street: Street) -> None:
    """It is put into the queue once, at its head, and tagged when the queue has merged it."""
    queued(street)
    pull = approved(street)
    street.look()
    street.look()
    assert pull.queued_head == pull.head_sha
    assert tags(street) == {}
    assert "is published as" not in living_on(street, pull)
    assert "stands in the merge queue" in living_on(street, pull)

    run_queue(street.cast.world, pull, passes=True)
    street.look()

    assert tags(street) == {"net/dns/v1": pull.merge_commit}
    assert "Published as v1" in living_on(street, pull)


def test_s33_the_queue_throws_it_out(street: Street) -> None:
    """That is said once, and it is not put in again until somebody does something about it."""
    queued(street)
    pull = approved(street)
    street.look()
    run_queue(street.cast.world, pull, passes=False)

    street.look()
    assert pull.queued is None
    assert "The merge queue took it out" in living_on(street, pull)
    writes(street)
    street.look()
    assert writes(street) == []

    approve(street, pull)
    street.look()
    assert pull.queued is not None


def test_s34_a_permission_is_missing(street: Street) -> None:
    """One sentence names it, in the comment and in the check; nothing is hammered."""
    pull = approved(street)
    street.cast.installation.permissions["contents"] = "read"
    needed = {"x-accepted-github-permissions": "contents=write"}
    forbidden = as_json(403, {"message": "Resource not accessible by integration"}, needed)
    street.cast.world.faults.order("PUT", "/merge", forbidden, times=1000)
    writes(street)

    with pytest.raises(Refused, match="must have the permission 'contents=write'"):
        street.look()

    assert [each for each in writes(street) if each.endswith("/merge")] == [f"PUT pulls/{pull.number}/merge"]
    assert "must have the permission 'contents=write'" in living_on(street, pull)
    run = street.cast.repo.runs_of(pull.head_sha)[-1]
    assert "Resource not accessible by integration" in run.output["title"]
    street.hire(street.place / "anew")
    with pytest.raises(Refused):
        street.look()
    assert [each for each in writes(street) if "/merge" not in each] == []


def test_s34_a_check_of_ours_that_the_branch_demands(street: Street) -> None:
    """The check is green before the merge is asked for: else the two would wait for one another."""
    street.cast.repo.protections["main"] = Protection(checks=("portico",))
    approved(street)

    street.look()

    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
