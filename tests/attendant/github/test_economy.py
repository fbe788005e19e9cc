"""What a look costs: it asks Git only where GitHub shows what is not here, and never acts on less."""

from collections.abc import Callable

import pytest

from bot.attendant.attendant import Attendant
from bot.errors import Moved
from tests.attendant.conftest import KPTFILE, ZONE
from tests.attendant.github.hands import MAIN, approve, approved, propose, ref, tags
from tests.attendant.github.street import BRANCH, Street
from tests.forges.git_half import ZERO, Change
from tests.forges.github.faults import failure

MANY = 5


def fetches(street: Street, act: Callable[[], object]) -> int:
    """How often Git was asked for what there is while something was done."""
    log = street.cast.hub.git_log
    before = len(log)
    act()
    return sum(asked.path.endswith("info/refs") and not asked.writes for asked in log[before:])


def requests(street: Street, act: Callable[[], object]) -> list[str]:
    """What GitHub was asked while something was done."""
    log = street.cast.hub.log
    before = len(log)
    act()
    return [f"{asked.method} {asked.path}" for asked in log[before:]]


def publish_by_hand(street: Street) -> None:
    street.cast.commit("root", "main", {"net/dns/zone.yaml": ZONE.replace("300", "1").encode()})


def drafts(street: Street) -> None:
    for number in range(MANY):
        path = f"many/p{number}"
        files = {f"{path}/Kptfile": KPTFILE.encode(), f"{path}/zone.yaml": ZONE.encode()}
        street.cast.commit("ada", f"drafts/{path}/first", files)


def settled(street: Street) -> Attendant:
    """An attendant who knows the change, which is at rest."""
    propose(street)
    hired = street.hire()
    hired.look(street.pull.number)
    return hired


def test_a_round_fetches_once_before_it_looks(street: Street) -> None:
    drafts(street)
    new = street.hire()
    assert fetches(street, new.look_at_all) == 1
    assert len(street.cast.repo.pulls) == MANY
    cold = street.hire()
    assert fetches(street, cold.look_at_all) == 1
    assert fetches(street, cold.look_at_all) == 1


def test_a_round_fetches_again_for_what_moved_meanwhile(street: Street) -> None:
    drafts(street)
    street.attendant.look_at_all()
    cold = street.hire()
    last = f"drafts/many/p{MANY - 1}/first"
    street.cast.world.faults.race("GET", "/pulls$", lambda _request: street.write("ada", "61", last))
    assert fetches(street, cold.look_at_all) == 2
    assert cold.room.branches.head(f"refs/heads/{last}") == ref(street, f"refs/heads/{last}")


def test_a_look_that_finds_nothing_moved_does_not_fetch(street: Street) -> None:
    hired = settled(street)
    assert fetches(street, lambda: hired.look(street.pull.number)) == 0


def test_a_push_is_fetched_once(street: Street) -> None:
    hired = settled(street)
    street.write("ada", "61")
    assert fetches(street, lambda: hired.look_at_branch(BRANCH)) == 1
    assert "61" in street.living()
    street.write("ada", "62")
    assert fetches(street, lambda: hired.look(street.pull.number)) == 1
    assert "62" in street.living()


@pytest.mark.parametrize("by", ["policy", "revision"])
def test_what_happened_on_the_branch_is_fetched_for_a_look_at_a_change(street: Street, by: str) -> None:
    hired = settled(street)
    if by == "policy":
        street.cast.commit("root", "main", {".portico.yaml": b"approvals: 2\napprovers: [grace, mia]\n"})
    else:
        publish_by_hand(street)
    assert fetches(street, lambda: hired.look(street.pull.number)) == 1
    assert "0 of 2" in street.living() if by == "policy" else "rebase" in street.living()


def test_a_word_and_a_review_cost_no_fetch_that_shows_nothing(street: Street) -> None:
    hired = settled(street)
    street.cast.comment("ada", street.pull, "/explain")
    assert fetches(street, lambda: hired.look(street.pull.number)) == 0
    approve(street)
    # Before the merge, before the tag, and after it: tags are what no change tells of.
    assert fetches(street, lambda: hired.look(street.pull.number)) <= 3
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
    assert "Published as v1" in street.living()


def test_a_publication_takes_ten_requests_of_which_none_asks_for_what_the_change_shows(
    street: Street,
) -> None:
    hired = settled(street)
    approve(street)
    asked = requests(street, lambda: hired.look(street.pull.number))
    assert tags(street) == {"net/dns/v1": ref(street, MAIN)}
    assert len(asked) <= 10, asked
    # The colour that the change showed was another one: the run of our name need not be read for that.
    assert [each for each in asked if each.endswith("/check-runs")] == [
        "POST /api/v3/repos/acme/blueprints/check-runs"
    ]


def test_a_change_is_read_once_for_a_push(street: Street) -> None:
    hired = settled(street)
    street.write("ada", "61")
    asked = requests(street, lambda: hired.look_at_branch(BRANCH))
    assert asked.count("POST /api/graphql") == 1
    assert "61" in street.living()


def test_a_tag_that_somebody_else_made_is_seen(street: Street) -> None:
    approved(street)
    street.cast.world.faults.order("POST", "/git/refs$", failure(502), times=9)
    hired = street.hire()
    with pytest.raises(Exception):  # noqa: B017, PT011 whatever the forge's failure is called
        hired.look(street.pull.number)
    merge = ref(street, MAIN)
    street.cast.repo.bare.move([Change("refs/tags/net/dns/v1", ZERO, merge)])
    hired.look(street.pull.number)
    assert "Published as v1" in street.living()


def test_a_policy_that_changed_just_before_the_merge_is_obeyed(street: Street) -> None:
    """Between the reading and the merge somebody takes the approver's name out of the policy."""
    approved(street)
    hired = street.hire()
    hired.look_at_branch("main")
    street.cast.world.faults.race(
        "GET",
        "/pulls/[0-9]+$|/merge$|/activity$",
        lambda _request: street.cast.commit(
            "root", "main", {".portico.yaml": b"approvals: 1\napprovers: [mia]\n"}
        ),
    )
    hired.look(street.pull.number)
    assert tags(street) == {}
    assert street.pull.merge_commit in {"", None}
    assert "which does not count" in street.living()


def test_a_push_that_was_lost_to_somebody_elses_is_decided_anew(street: Street) -> None:
    """The forge still shows the old head, at which the mirror is, too: that alone is no reason to repeat."""
    pull = propose(street)
    hired = street.hire()
    hired.look(pull.number)
    shown = pull.head_sha
    street.cast.commit("ada", BRANCH, {"net/dns/zone.yaml": ZONE.encode() + b"  more: 'x'\n"})
    pull.head_sha = shown
    street.cast.comment("ada", pull, "/rebase")
    publish_by_hand(street)
    with pytest.raises(Moved):
        hired.look(pull.number)
