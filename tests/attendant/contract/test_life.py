"""The lifecycle on every forge: from a push to a published revision, and what keeps it from that."""

from tests.attendant.conftest import POLICY, ZONE
from tests.attendant.contract.driver import (
    BROKEN,
    DRAFT,
    FUNCTIONS,
    KPT_FILE,
    OTHER,
    Driver,
    Stands,
    Trait,
    zone,
)
from tests.attendant.contract.everywhere import needs

V1 = "net/dns/v1"
HERS = "wrote or pushed part of this"


def proposed(forge: Driver, ttl: str = "60", draft: str = DRAFT, by: str = "ada") -> None:
    """A proposal that the bot has seen."""
    forge.write(by, zone(ttl), draft)
    assert forge.rest() == []
    forge.propose(draft)
    assert forge.rest() == []


def test_a_pushed_draft_is_a_draft_and_says_how_it_stands(forge: Driver) -> None:
    head = forge.write("ada", zone("60"))
    assert forge.rest() == []
    assert forge.stands() is Stands.DRAFT
    assert "net/dns/ttl is Draft" in forge.told()
    assert head[:10] in forge.told()


def test_from_a_push_to_a_published_revision(forge: Driver) -> None:
    proposed(forge)
    assert forge.stands() is Stands.PROPOSED
    assert "Waiting for approvals: 0 of 1, from @grace" in forge.told()
    head, before = forge.head(), forge.main()

    forge.approve("grace")
    assert forge.rest() == []

    assert forge.stands() is Stands.PUBLISHED
    assert forge.tags() == {V1: forge.main()}
    assert forge.main() != before
    assert forge.show(forge.main()) == forge.show(head)
    assert forge.head() == ""
    message = forge.message(forge.main())
    assert '"workspaceName":"ttl","revision":"1"' in message
    assert "Approved-by: Grace" in message


def test_a_second_tick_writes_nothing(forge: Driver) -> None:
    forge.write("ada", zone("60"))
    for step in (forge.rest, forge.propose, lambda: forge.approve("grace")):
        step()
        forge.rest()
        before = forge.written()
        assert forge.rest() == []
        assert forge.written() == before


def test_what_functions_change_is_committed_in_the_writers_name(forge: Driver) -> None:
    pushed = forge.write("ada", FUNCTIONS)
    assert forge.rest() == []
    assert forge.head() != pushed
    assert "team: net" in forge.show(forge.head())
    assert "team: net" not in forge.show(pushed)
    assert "ada" in forge.author(forge.head()).lower()


def test_what_does_not_render_is_not_proposed_and_says_why(forge: Driver) -> None:
    forge.write("ada", BROKEN)
    forge.rest()
    forge.propose()
    assert forge.rest() == []
    assert forge.stands() is Stands.DRAFT
    assert "no-such-function" in forge.told()


def test_s12_nobody_approves_their_own(forge: Driver) -> None:
    proposed(forge)
    forge.approve("ada")
    assert forge.rest() == []
    assert forge.stands() is Stands.PROPOSED
    assert HERS in forge.told()
    assert forge.tags() == {}


def test_who_may_not_approve_does_not(forge: Driver) -> None:
    proposed(forge)
    forge.approve("eve")
    assert forge.rest() == []
    assert forge.stands() is Stands.PROPOSED
    assert forge.tags() == {}


def test_as_many_approve_as_the_policy_asks_for(forge: Driver) -> None:
    forge.write_main({".portico.yaml": b"approvals: 2\napprovers: [ada, grace]\n"})
    proposed(forge, by="root")
    forge.approve("ada")
    forge.rest()
    assert "Waiting for approvals: 1 of 2" in forge.told()
    assert forge.tags() == {}
    forge.approve("grace")
    forge.rest()
    assert forge.stands() is Stands.PUBLISHED


def test_a_rejection_sends_it_back_with_its_reason(forge: Driver) -> None:
    proposed(forge)
    forge.reject("grace", "the ttl is too short")
    assert forge.rest() == []
    assert forge.stands() is Stands.DRAFT
    assert "the ttl is too short" in forge.told()

    forge.propose()
    assert forge.rest() == []
    assert forge.stands() is Stands.PROPOSED
    forge.approve("grace")
    forge.rest()
    assert forge.stands() is Stands.PUBLISHED


def test_s25_of_two_drafts_of_one_package_the_second_is_told_of_the_first(forge: Driver) -> None:
    proposed(forge)
    proposed(forge, "70", OTHER)
    forge.approve("grace")
    forge.rest()
    forge.approve("grace", OTHER)
    forge.rest()
    assert forge.tags() == {V1: forge.main()}
    assert "'60'" in forge.show(forge.main())
    assert forge.stands(OTHER) in {Stands.DRAFT, Stands.PROPOSED}
    assert "Revision v1 reached the branch since" in forge.told(OTHER)


def test_s25_drafts_of_two_packages_do_not_stand_in_one_anothers_way(forge: Driver) -> None:
    proposed(forge)
    forge.write("ada", {"blue/zone.yaml": ZONE.encode()}, "blue/one")
    forge.rest()
    forge.propose("blue/one")
    forge.rest()
    for draft in (DRAFT, "blue/one"):
        forge.approve("grace", draft)
    assert forge.rest() == []
    assert forge.tags().keys() == {V1, "blue/v1"}


def test_the_next_revision_has_the_next_number(forge: Driver) -> None:
    for number, workspace in enumerate((DRAFT, OTHER), start=1):
        proposed(forge, str(number), workspace)
        forge.approve("grace", workspace)
        forge.rest()
    assert forge.tags().keys() == {V1, "net/dns/v2"}
    assert forge.tags()["net/dns/v2"] == forge.main()


def test_s46_what_a_draft_says_of_the_policy_is_not_believed(forge: Driver) -> None:
    forge.write("ada", {**zone("60"), ".portico.yaml": f"{POLICY}selfApproval: true\n".encode()})
    forge.rest()
    forge.propose()
    forge.rest()
    forge.approve("ada")
    forge.approve("grace")
    forge.rest()
    assert forge.tags() == {}
    assert "'.portico.yaml'" in forge.told()


def test_s27_a_number_that_is_taken_is_not_fought_over(forge: Driver) -> None:
    elsewhere = forge.main()
    forge.create_tag(V1, elsewhere)
    proposed(forge)
    forge.approve("grace")
    forge.rest()
    assert forge.tags() == {V1: elsewhere, "net/dns/v2": forge.main()}


@needs(Trait.TAG_RULES)
def test_s28_a_tag_that_could_not_be_made_is_made_later_on_the_same_merge(forge: Driver) -> None:
    proposed(forge)
    forge.approve("grace")
    forge.allow_tags(allowed=False)
    assert forge.rest() != []
    assert forge.stands() is Stands.MERGED
    assert "is merged, but its tag is missing" in forge.told()
    merge = forge.main()

    forge.allow_tags(allowed=True)
    forge.write_main({"README.md": b"Somebody goes on.\n"})
    assert forge.rest() == []
    assert forge.tags() == {V1: merge}
    assert "Published as v1" in forge.told()


def test_the_drafts_own_pipeline_stays(forge: Driver) -> None:
    """What is published is what was rendered, with its pipeline, so that it can be rendered again."""
    forge.write("ada", FUNCTIONS)
    forge.rest()
    forge.propose()
    forge.rest()
    forge.approve("grace")
    forge.rest()
    assert "team: net" in forge.show(forge.tags()[V1])
    assert "set-labels:v0.2" in forge.show(forge.tags()[V1], KPT_FILE)
