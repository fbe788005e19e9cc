"""A draft that a word throws away: its pull request says so."""

from tests.attendant.github.hands import living_on, writes
from tests.attendant.github.street import BRANCH, Street


def test_what_is_deleted_is_told_to_be_gone(street: Street) -> None:
    pull = street.draft()
    street.cast.comment("ada", pull, "/hold until Monday")
    street.look()
    street.cast.comment("ada", pull, "/unhold\n/delete")
    street.look()
    assert (pull.state, street.cast.repo.bare.ref(f"refs/heads/{BRANCH}")) == ("closed", "")
    told = living_on(street, pull)
    assert "### Gone · net/dns/ttl" in told
    assert "@ada, /delete: net/dns/ttl is deleted" in told
    assert "Draft" not in told.partition("**Answers**")[0]
    assert "Difference" not in told
    writes(street)
    street.look()
    assert writes(street) == []
