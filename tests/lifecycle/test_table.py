"""The lifecycle table is total and closed, and nothing passes a guard that objects."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lifecycle import effects as do
from bot.lifecycle.commands import EVERY, OWN, Approve, Command, Delete, Propose, Reject, Render, Save, Settle
from bot.lifecycle.decide import decide
from bot.lifecycle.effects import Effect
from bot.lifecycle.explain import explain
from bot.lifecycle.guards import Guard, enough_approvals
from bot.lifecycle.ledger import same_failure
from bot.lifecycle.person import Person
from bot.lifecycle.policy import Policy
from bot.lifecycle.state import Approval, Cut, Facts, Hold, Outcome, Unfinished
from bot.lifecycle.transitions import TRANSITIONS, Transition, possible
from bot.packages.naming import RevisionName
from bot.packages.problem import Problem
from bot.packages.revision import Lifecycle

NAME = RevisionName("net/dns", "add-mx")
HEAD = "a" * 40
ADA, BOB, GRACE = (Person(login, login.title(), f"{login}@example.com") for login in ("ada", "bob", "grace"))
PROBLEM = Problem("Kptfile", "It is wrong.", 3)
WRITES = (
    do.WriteDraft
    | do.RunPipeline
    | do.RecordFailure
    | do.MarkProposed
    | do.MarkDraft
    | do.RecordApproval
    | do.Publish
    | do.Finish
    | do.MarkDeletion
    | do.UnmarkDeletion
    | do.RemovePublished
    | do.DeleteBranch
)
# Facts to which no guard objects when Grace asks at HEAD; each change makes one kind of guard object.
WELL = Facts(
    name=NAME,
    head=HEAD,
    tree="t",
    base="b",
    revision=1,
    outcome=Outcome.WELL,
    contributors=(BOB,),
    policy=Policy(approvers=(("**", ("ada", "grace")),)),
)
SPOILERS: dict[str, Callable[[Facts], Facts]] = {
    "another head": lambda f: replace(f, head="c" * 40),
    "not valid": lambda f: replace(f, problems=(PROBLEM,)),
    "not rendered": lambda f: replace(f, outcome=Outcome.NOT_YET),
    "rendered badly": lambda f: replace(f, outcome=Outcome.FAILED, render_problems=(PROBLEM,)),
    "not ready": lambda f: replace(f, unmet_gates=("reviewed",)),
    "out of date": lambda f: replace(f, newer="Revision v2"),
    "strays": lambda f: replace(f, strays=("README.md",)),
    "policy unreadable": lambda f: replace(f, policy=replace(f.policy, problems=(PROBLEM,))),
    "nobody may approve": lambda f: replace(f, policy=replace(f.policy, approvers=(("**", ()),))),
    "written by the approver": lambda f: replace(f, contributors=(GRACE, BOB)),
    "upstream of others": lambda f: replace(f, downstream=("shop",)),
    "without a commit of its own": lambda f: replace(f, base=f.head),
    "nested": lambda f: replace(f, nested_in="net"),
    "on hold": lambda f: replace(f, holds=(Hold(GRACE),)),
}

facts_of_any_kind = st.builds(
    Facts,
    name=st.sampled_from([NAME, RevisionName("net", "UPPER"), RevisionName("", "x")]),
    lifecycle=st.sampled_from(Lifecycle),
    head=st.sampled_from(["", HEAD, "c" * 40]),
    tree=st.sampled_from(["", "t", "u"]),
    base=st.sampled_from(["", "b"]),
    revision=st.integers(-1, 3),
    next_revision=st.integers(1, 3),
    latest=st.booleans(),
    problems=st.sampled_from([(), (PROBLEM,)]),
    outcome=st.sampled_from(Outcome),
    render_problems=st.sampled_from([(), (PROBLEM,)]),
    unmet_gates=st.sampled_from([(), ("reviewed",)]),
    policy=st.builds(
        Policy,
        approvals=st.integers(1, 3),
        approvers=st.sampled_from([(), (("**", ("ada", "grace")),), (("net/*", ()),)]),
        self_approval=st.booleans(),
        problems=st.sampled_from([(), (PROBLEM,)]),
    ),
    approvals=st.lists(
        st.builds(Approval, st.sampled_from([ADA, BOB, GRACE]), st.sampled_from(["t", "u"])), max_size=3
    ).map(tuple),
    holds=st.sampled_from([(), (Hold(ADA, "wait"),)]),
    contributors=st.sets(st.sampled_from([ADA, BOB, GRACE])).map(tuple),
    newer=st.sampled_from(["", "Revision v2"]),
    nested_in=st.sampled_from(["", "net"]),
    strays=st.sampled_from([(), ("README.md",)]),
    downstream=st.sampled_from([(), ("shop",)]),
    unfinished=st.none() | st.builds(Unfinished, st.sampled_from(Cut)),
)
commands_of_any_kind = st.builds(
    lambda kind, by, at: kind(name=NAME, by=by, at=at),
    st.sampled_from(EVERY),
    st.sampled_from([ADA, BOB, GRACE, Person("")]),
    st.sampled_from(["", HEAD, "c" * 40]),
)


def command_for(row: Transition, facts: Facts) -> Command:
    if row.asked is Save:
        return Save(name=facts.name, by=GRACE, at="d" * 40, old=facts.head)
    return row.asked(name=facts.name, by=GRACE, at=HEAD)


def named(guard: Guard) -> str:
    return getattr(guard, "__name__", "")


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("state", Lifecycle)
def test_every_question_in_every_state_has_an_answer(state: Lifecycle, kind: type[Command]) -> None:
    effects = decide(kind(name=NAME, by=GRACE, at=HEAD), replace(WELL, lifecycle=state))
    assert effects or kind in OWN


@given(commands_of_any_kind, facts_of_any_kind)
def test_whatever_the_facts_there_is_one_clear_answer(command: Command, facts: Facts) -> None:
    effects = decide(command, facts)
    assert effects or isinstance(command, OWN)
    refusals = [effect for effect in effects if isinstance(effect, do.Refuse)]
    assert not refusals or len(effects) == 1, "refused means that nothing was done"
    assert all(refusal.text.strip() for refusal in refusals)
    assert decide(command, facts) == effects, "the same facts give the same decision"


def test_a_question_has_one_row() -> None:
    assert len({(row.source, row.asked) for row in TRANSITIONS}) == len(TRANSITIONS)


def test_every_state_is_reached_from_nothing_and_nothing_from_every_state() -> None:
    assert reached_from(Lifecycle.ABSENT) == set(Lifecycle)
    for state in Lifecycle:
        assert Lifecycle.ABSENT in reached_from(state)


def reached_from(start: Lifecycle) -> set[Lifecycle]:
    reached = {start}
    for _ in Lifecycle:
        reached |= {row.target for row in TRANSITIONS if row.source in reached}
    return reached


@pytest.mark.parametrize("state", Lifecycle)
def test_a_refusal_names_what_is_possible(state: Lifecycle) -> None:
    can = possible(state)
    assert can == tuple(r.asked.word for r in TRANSITIONS if r.source is state and r.asked not in OWN)
    for kind in set(EVERY) - {row.asked for row in TRANSITIONS if row.source is state} - set(OWN):
        (refusal,) = decide(kind(name=NAME, by=GRACE, at=HEAD), replace(WELL, lifecycle=state))
        assert isinstance(refusal, do.Refuse)
        assert state is Lifecycle.ABSENT or all(f"`{word}`" in refusal.text for word in can)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.source}-{row.asked.__name__}")
def test_a_row_applies_when_no_guard_objects(row: Transition) -> None:
    facts = replace(WELL, lifecycle=row.source)
    if row.asked is Render:
        facts = replace(facts, outcome=Outcome.NOT_YET)
    if row.asked is Settle:
        facts = replace(facts, approvals=(Approval(GRACE, facts.tree),))
    if row.source is Lifecycle.ABSENT:
        facts = replace(facts, head="")
    effects = decide(command_for(row, facts), facts)
    assert not [effect for effect in effects if isinstance(effect, do.Refuse)]
    assert len([effect for effect in effects if isinstance(effect, WRITES)]) == 1, "one step, one transaction"


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: f"{row.source}-{row.asked.__name__}")
def test_whatever_combination_of_guards_objects_nothing_is_done(row: Transition) -> None:
    """Every subset of up to three spoiled facts, for every row."""
    for count in (1, 2, 3):
        for spoilers in itertools.combinations(SPOILERS.values(), count):
            facts = replace(WELL, lifecycle=row.source)
            command = command_for(row, facts)
            for spoil in spoilers:
                facts = spoil(facts)
            objections = [said for guard in row.provided if (said := guard(command, facts))]
            effects = decide(command, facts)
            if objections and row.otherwise:
                assert effects == tuple(row.otherwise(command, facts))
                assert not [e for e in effects if isinstance(e, do.Publish | do.RemovePublished)]
            elif objections:
                assert effects == (do.Refuse(NAME, objections[0]),)


def test_every_guard_can_object() -> None:
    unheard = {named(guard) for row in TRANSITIONS for guard in (*row.provided, *row.awaiting)}
    for row in TRANSITIONS:
        for spoil in SPOILERS.values():
            facts = spoil(replace(WELL, lifecycle=row.source, name=RevisionName("Net", "x")))
            facts = replace(facts, policy=replace(facts.policy, approvals=2))
            command = command_for(row, WELL)
            unheard -= {named(guard) for guard in (*row.provided, *row.awaiting) if guard(command, facts)}
    # A deletion needs an author, whom no spoiler takes away from Grace, who approves.
    assert unheard <= {"by_author_or_approver"}
    stranger = Delete(name=NAME, by=Person("mallory"), at=HEAD)
    (refusal,) = decide(stranger, replace(WELL, lifecycle=Lifecycle.DRAFT))
    assert isinstance(refusal, do.Refuse)


@given(commands_of_any_kind, facts_of_any_kind)
def test_nothing_is_published_unless_everything_is_well(command: Command, facts: Facts) -> None:
    published = [effect for effect in decide(command, facts) if isinstance(effect, do.Publish)]
    removed = [effect for effect in decide(command, facts) if isinstance(effect, do.RemovePublished)]
    decided: list[do.Publish | do.RemovePublished] = [*published, *removed]
    for effect in decided:
        # Who settles decides nothing: only what was approved of this very tree counts.
        assert isinstance(command, Approve | Settle)
        assert effect_head(effect) == facts.head
        assert command.at == facts.head or isinstance(command, Settle)
        assert not facts.unfinished
        assert not facts.policy.problems
        assert not enough_approvals(command, facts)
        assert not facts.holds
        assert_independent(effect.approvers, facts, command)
    for publication in published:
        assert facts.lifecycle is Lifecycle.PROPOSED
        assert (facts.outcome, facts.problems, facts.unmet_gates) == (Outcome.WELL, (), ())
        assert (facts.newer, facts.strays) == ("", ())
        assert (publication.base, publication.revision) == (facts.base, facts.next_revision)
    if removed:
        assert facts.lifecycle is Lifecycle.DELETION_PROPOSED
        assert not facts.downstream


def effect_head(effect: do.Publish | do.RemovePublished) -> str:
    return effect.head if isinstance(effect, do.Publish) else effect.commit


def assert_independent(approvers: tuple[Person, ...], facts: Facts, command: Command) -> None:
    assert len(set(approvers)) == len(approvers) >= facts.policy.approvals
    listed = facts.policy.approvers_of(facts.name.path)
    current = {approval.by for approval in facts.approvals if approval.tree == facts.tree}
    for person in approvers:
        assert listed is None or person.login in listed
        assert facts.policy.self_approval or person not in facts.contributors
        assert person in current | ({command.by} if isinstance(command, Approve) else set())


@given(facts_of_any_kind.filter(lambda facts: facts.unfinished is None))
def test_a_rendering_changes_nothing_but_what_is_not_rendered(facts: Facts) -> None:
    effects: tuple[Effect, ...] = decide(Render(name=NAME), facts)
    writes = [effect for effect in effects if isinstance(effect, WRITES)]
    assert not writes or facts.outcome is not Outcome.WELL
    assert not [effect for effect in writes if isinstance(effect, do.RunPipeline)] or not facts.problems


def test_what_failed_is_tried_again_and_told_once() -> None:
    problem = Problem("Kptfile", "The Docker Engine does not answer.", 3)
    draft = Facts(name=NAME, lifecycle=Lifecycle.DRAFT, head="a" * 40, tree="b" * 40)
    facts = replace(draft, outcome=Outcome.FAILED, render_problems=(problem,))
    (effect,) = decide(Render(name=NAME), facts)
    assert isinstance(effect, do.RunPipeline)
    assert effect.known == (problem,)
    assert same_failure(effect.known, [problem._replace(kpt="said otherwise")])
    assert not same_failure(effect.known, [problem._replace(message="Another.")])


@given(facts_of_any_kind)
def test_what_was_cut_short_comes_first(facts: Facts) -> None:
    effects = decide(Propose(name=NAME, by=BOB), facts)
    if facts.unfinished:
        assert isinstance(effects[0], do.Finish)
        assert effects[-1] == do.Again(Propose(name=NAME, by=BOB))


@given(facts_of_any_kind)
def test_explain_says_a_line_for_every_possible_step(facts: Facts) -> None:
    text = explain(facts)
    if facts.lifecycle is Lifecycle.ABSENT:
        assert "There is no revision" in text
    else:
        assert [word for word in possible(facts.lifecycle) if f"\n- `{word}`" not in text] == []


def test_a_rejection_is_no_approval() -> None:
    facts = replace(WELL, lifecycle=Lifecycle.PROPOSED, approvals=(Approval(ADA, "t"),))
    effects = decide(Reject(name=NAME, by=GRACE, at=HEAD, reason="no"), facts)
    assert isinstance(effects[0], do.MarkDraft)
