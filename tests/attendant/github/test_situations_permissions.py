"""Situation S34: what the bot is not allowed to do."""

import pytest

from bot.errors import Refused
from tests.attendant.github.conftest import Street
from tests.attendant.github.hands import (
    MAIN,
    approved,
    living_on,
    ref,
    tags,
    writes,
)
from tests.forges.github.exchange import as_json
from tests.forges.github.rules import Protection


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
