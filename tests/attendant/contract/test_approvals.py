"""What an approval is of, and for how long, on every forge where there may be pushes after it."""

from tests.attendant.contract.driver import DRAFT, FUNCTIONS, KPT_FILE, ZONE_FILE, Driver, Stands, Trait, zone
from tests.attendant.contract.everywhere import needs
from tests.attendant.contract.test_life import V1, proposed

TWO = {".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"}


@needs(Trait.PUSHES)
def test_s14_a_push_makes_an_approval_stale(forge: Driver) -> None:
    proposed(forge)
    old = forge.head()
    forge.approve("grace")
    forge.write("ada", zone("61"))
    forge.rest()
    assert forge.tags() == {}
    assert f"stale approval by @grace at {old[:10]}" in forge.told()
    assert "Waiting for approvals: 0 of 1" in forge.told()

    forge.approve("grace")
    forge.rest()
    assert "'61'" in forge.show(forge.tags()[V1])


@needs(Trait.PUSHES)
def test_s14_one_of_two_approvals_is_stale(forge: Driver) -> None:
    forge.write_main(TWO)
    proposed(forge, by="root")
    forge.approve("grace")
    forge.rest()
    assert "Waiting for approvals: 1 of 2" in forge.told()
    forge.write("root", zone("5"))
    forge.approve("ada")
    forge.rest()
    assert forge.tags() == {}
    assert "Waiting for approvals: 1 of 2" in forge.told()


@needs(Trait.PUSHES)
def test_s20_an_approval_is_of_the_packages_tree(forge: Driver) -> None:
    """Another commit, and one there and back, keep what is approved as it is."""
    proposed(forge)
    forge.approve("grace")
    forge.write("ada", {})
    forge.write("ada", zone("61"))
    forge.write("ada", zone("60"))
    forge.rest()
    assert forge.stands() is Stands.PUBLISHED


@needs(Trait.PUSHES)
def test_s13_whoever_pushed_to_it_does_not_approve_it(forge: Driver) -> None:
    proposed(forge)
    forge.write("grace", zone("61"))
    forge.approve("grace")
    forge.rest()
    assert forge.tags() == {}
    assert "approved by @grace, which does not count" in forge.told()


@needs(Trait.PUSHES)
def test_s19_functions_change_what_was_approved(forge: Driver) -> None:
    """Approved before the bot had rendered: what functions make of it is something else, and is reviewed."""
    proposed(forge)
    old = forge.write("ada", FUNCTIONS)
    forge.approve("grace")
    forge.rest()
    assert forge.head() != old
    assert forge.tags() == {}
    assert f"stale approval by @grace at {old[:10]}" in forge.told()

    forge.approve("grace")
    forge.rest()
    assert "team: net" in forge.show(forge.tags()[V1])


@needs(Trait.PUSHES)
def test_s19_functions_change_nothing_that_was_approved(forge: Driver) -> None:
    """The bot's rendering finds nothing to change, so that the approval given before it holds."""
    forge.write("ada", FUNCTIONS)
    forge.rest()
    rendered = {path: forge.show(forge.head(), path).encode() for path in (KPT_FILE, ZONE_FILE)}
    other = "net/dns/again"
    forge.write("ada", zone("300"), other)
    forge.rest()
    forge.propose(other)
    forge.rest()
    head = forge.write("ada", rendered, other)
    forge.approve("grace", other)
    forge.rest()
    assert forge.stands(other) is Stands.PUBLISHED
    assert forge.show(forge.tags()[V1]) == forge.show(head)


@needs(Trait.CHANGES)
def test_s31_what_was_approved_and_merged_by_hand_is_tagged_there(forge: Driver) -> None:
    proposed(forge)
    forge.approve("grace")
    forge.merge_by_hand()
    merge = forge.main()
    assert forge.rest() == []
    assert forge.tags() == {V1: merge}
    assert "Published as v1" in forge.told()


@needs(Trait.CHANGES)
def test_s31_what_nobody_approved_and_somebody_merged_is_flagged(forge: Driver) -> None:
    proposed(forge)
    forge.merge_by_hand()
    merge = forge.main()
    assert forge.rest() == []
    assert forge.stands() is Stands.MERGED
    assert "was merged by hand, and is not published" in forge.told()

    forge.approve("grace")
    assert forge.rest() == []
    assert forge.tags() == {V1: merge}
    assert "by hand" not in forge.told()


@needs(Trait.CHANGES)
def test_s36_what_a_person_closed_stays_closed(forge: Driver) -> None:
    proposed(forge)
    forge.approve("grace")
    forge.close()
    before = forge.written()
    assert forge.rest() == []
    assert forge.rest() == []
    assert forge.stands() is Stands.GONE
    assert forge.written() == before


@needs(Trait.CHANGES)
def test_s42_what_is_reopened_goes_on_where_it_was(forge: Driver) -> None:
    proposed(forge)
    forge.approve("grace")
    forge.close()
    forge.rest()
    forge.reopen()
    assert forge.rest() == []
    assert forge.stands(DRAFT) is Stands.PUBLISHED
    assert "Published as v1" in forge.told()
