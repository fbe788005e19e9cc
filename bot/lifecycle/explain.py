"""What state a revision is in, what is possible now, and what each step still waits for and from whom."""

from collections.abc import Iterator

from bot.lifecycle import guards as g
from bot.lifecycle import messages
from bot.lifecycle.commands import OWN, Approve
from bot.lifecycle.decide import first_objection
from bot.lifecycle.guards import Guard
from bot.lifecycle.person import Person
from bot.lifecycle.state import Approval, Facts
from bot.lifecycle.transitions import TRANSITIONS, Transition
from bot.packages.revision import Lifecycle

# These ask about the person; nobody has asked yet, so who could is said instead.
ABOUT_THE_ASKER: frozenset[Guard] = frozenset(
    {g.by_approver, g.by_other_than_authors, g.by_author_or_approver, g.in_view, g.on_its_head}
)
# What was approved may have been written by the same person; who approved may have been no approver.
ABOUT_THE_APPROVER = (g.by_approver, g.by_other_than_authors)


def explain(facts: Facts) -> str:
    """Several lines for a person, computed from the table and its guards."""
    return "\n".join(_lines(facts))


def _lines(facts: Facts) -> Iterator[str]:
    if facts.lifecycle is Lifecycle.ABSENT:
        yield messages.nothing_there(facts.name)
        return
    yield messages.state(facts.name, facts.lifecycle, facts.revision, facts.head)
    for row in TRANSITIONS:
        if row.source is facts.lifecycle and row.asked not in OWN:
            yield _step(row, facts)
    for one in facts.companions:
        yield "- " + messages.companion(one.name.path, _companion(one))
    if facts.holds:
        yield "- " + messages.held(facts.holds)
    for rejection in facts.rejections:
        yield messages.was_rejected(rejection.by, rejection.reason)
    yield from dict.fromkeys(_given(approval, facts) for approval in facts.approvals)  # each once


def _companion(facts: Facts) -> str:
    """What another package of the set waits for, '' for nothing."""
    command = Approve(name=facts.name, by=Person(""), at=facts.head)
    return g.companion_unfit(command, facts) or g.lacking(command, facts)


def _given(approval: Approval, facts: Facts) -> str:
    if approval.tree != facts.tree:
        return messages.stale_approval(approval.by, approval.head)
    command = Approve(name=facts.name, by=approval.by, at=facts.head)
    return messages.approval_given(approval.by, first_objection(ABOUT_THE_APPROVER, command, facts))


def _step(row: Transition, facts: Facts) -> str:
    command = row.asked(name=facts.name, at=facts.head)
    objection = first_objection(
        (guard for guard in row.provided if guard not in ABOUT_THE_ASKER), command, facts
    )
    waiting = ""
    if row.asked is Approve:
        have = len(g.approvers(row.asked(name=facts.name, by=Person(""), at=facts.head), facts))
        waiting = messages.waiting(have, facts.policy.approvals, g.others(facts))
    return messages.step(row.asked.word, row.asked.help, row.asked.who, objection, waiting)
