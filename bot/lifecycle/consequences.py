"""What follows when a row of the table applies: builders of effects from command and facts."""

from collections.abc import Callable, Iterable

from bot.lifecycle import messages
from bot.lifecycle.commands import Command, Reject
from bot.lifecycle.effects import (
    DeleteBranch,
    Effect,
    MarkDeletion,
    MarkDraft,
    MarkProposed,
    Publish,
    RecordApproval,
    RecordFailure,
    RemovePublished,
    RunPipeline,
    Say,
    UnmarkDeletion,
    WriteDraft,
)
from bot.lifecycle.guards import approvers, enough_approvals, not_held, others, unfit
from bot.lifecycle.ledger import same_failure
from bot.lifecycle.person import PORTICO
from bot.lifecycle.state import Facts, Outcome

Consequence = Callable[[Command, Facts], Iterable[Effect]]


def save(command: Command, facts: Facts) -> Iterable[Effect]:
    yield WriteDraft(facts.name, command.at, facts.head, command.by)


def render(command: Command, facts: Facts) -> Iterable[Effect]:
    if facts.outcome is Outcome.WELL:
        return
    # What failed is tried again: an engine was away, a policy did not allow an image yet.
    known = facts.render_problems
    if facts.problems:
        # What came past the gate (hooks were off, somebody else wrote it) must not reach a function.
        if not same_failure(known, facts.problems):
            yield RecordFailure(facts.name, facts.head, facts.problems)
        yield Say(facts.name, messages.render_report(facts.problems))
    else:
        yield RunPipeline(facts.name, facts.head, facts.policy.functions, facts.policy.rendering, known)


def propose(command: Command, facts: Facts) -> Iterable[Effect]:
    yield MarkProposed(facts.name, facts.head, command.by)
    yield Say(facts.name, messages.proposed(facts.name, facts.policy.approvals, others(facts)))


def send_back(command: Command, facts: Facts) -> Iterable[Effect]:
    reason = command.reason if isinstance(command, Reject) else ""
    yield MarkDraft(facts.name, facts.head, command.by, reason)
    yield Say(facts.name, messages.rejected(facts.name, command.by, reason))


def nothing(command: Command, facts: Facts) -> Iterable[Effect]:
    return ()


def send_back_unfit(command: Command, facts: Facts) -> Iterable[Effect]:
    """Undo a proposal that must not stand; what may stand in a moment, or is no fault of it, waits."""
    if reason := unfit(command, facts):
        yield MarkDraft(facts.name, facts.head, PORTICO, reason)
        yield Say(facts.name, messages.sent_back(facts.name, reason))


def record_approval(command: Command, facts: Facts) -> Iterable[Effect]:
    yield RecordApproval(facts.name, facts.head, facts.tree, command.by, facts.record)
    yield Say(facts.name, messages.approved(command.by, facts.head))
    yield Say(facts.name, enough_approvals(command, facts))
    yield Say(facts.name, not_held(command, facts))


def publish(command: Command, facts: Facts) -> Iterable[Effect]:
    people = approvers(command, facts)
    yield Publish(facts.name, facts.head, facts.base, facts.next_revision, people, facts.record)
    yield Say(facts.name, messages.published(facts.name, facts.next_revision, people))


def mark_deletion(command: Command, facts: Facts) -> Iterable[Effect]:
    yield MarkDeletion(facts.name, facts.revision, facts.head, command.by)
    asked = others(facts, command.by)
    yield Say(facts.name, messages.deletion_proposed(facts.name, facts.policy.approvals, asked))


def unmark_deletion(command: Command, facts: Facts) -> Iterable[Effect]:
    yield UnmarkDeletion(facts.name, facts.revision, facts.head)
    reason = command.reason if isinstance(command, Reject) else ""
    yield Say(facts.name, messages.deletion_rejected(facts.name, command.by, reason))


def remove(command: Command, facts: Facts) -> Iterable[Effect]:
    people = approvers(command, facts)
    yield RemovePublished(
        facts.name, facts.revision, facts.head, facts.base, facts.latest, people, facts.record
    )
    yield Say(facts.name, messages.removed(facts.name, facts.revision, with_directory=facts.latest))


def delete(command: Command, facts: Facts) -> Iterable[Effect]:
    yield DeleteBranch(facts.name, facts.head)
    yield Say(facts.name, messages.deleted(facts.name))
