"""The lifecycle of a package revision, as one table.

Everything that moves a revision from one state to another is a row here, and nothing else moves one.
The diagram in the README is drawn from this table.
"""

from typing import NamedTuple

from bot.lifecycle import commands as ask
from bot.lifecycle import consequences as do
from bot.lifecycle import guards as g
from bot.lifecycle.commands import Command
from bot.lifecycle.consequences import Consequence
from bot.lifecycle.guards import Guard
from bot.packages.revision import Lifecycle


class Transition(NamedTuple):
    """One row. `provided`: else it is refused, or `otherwise` is done; `awaiting`: else `meanwhile` is."""

    source: Lifecycle
    asked: type[Command]
    target: Lifecycle
    provided: tuple[Guard, ...]
    then: Consequence
    awaiting: tuple[Guard, ...] = ()
    meanwhile: Consequence | None = None
    otherwise: Consequence | None = None


NONE, DRAFT, PROPOSED = Lifecycle.ABSENT, Lifecycle.DRAFT, Lifecycle.PROPOSED
PUBLISHED, DOOMED = Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED

NEW = (g.well_named, g.not_nested, g.on_its_head)
OWNER = (g.in_view, g.by_author_or_approver)
DECIDER = (g.policy_readable, g.in_view, g.by_approver)
REVIEWER = (*DECIDER, g.by_other_than_authors)
COUNT = (g.enough_approvals, g.not_held)

# fmt: off
TRANSITIONS = (
    #          from       asked                to         provided                    then
    Transition(NONE,      ask.Save,            DRAFT,     NEW,                        do.save),
    Transition(DRAFT,     ask.Save,            DRAFT,     (g.on_its_head,),           do.save),
    Transition(DRAFT,     ask.Render,          DRAFT,     (),                         do.render),
    Transition(DRAFT,     ask.Propose,         PROPOSED,  (g.in_view, *g.CONTENT),      do.propose),
    Transition(DRAFT,     ask.Delete,          NONE,      OWNER,                      do.delete),
    Transition(PROPOSED,  ask.Render,          PROPOSED,  (),                         do.render),
    Transition(PROPOSED,  ask.Reject,          DRAFT,     DECIDER,                    do.send_back),
    Transition(PROPOSED,  ask.Approve,         PUBLISHED, (*REVIEWER, *g.CONTENT),      do.publish,
               COUNT, do.record_approval),
    Transition(PROPOSED,  ask.Settle,          PUBLISHED, (g.policy_readable, *g.CONTENT), do.publish,
               COUNT, do.nothing, do.send_back_unfit),
    Transition(PROPOSED,  ask.Delete,          NONE,      OWNER,                      do.delete),
    Transition(PUBLISHED, ask.ProposeDeletion, DOOMED,    (g.in_view, g.not_upstream), do.mark_deletion),
    Transition(DOOMED,    ask.Reject,          PUBLISHED, DECIDER,                    do.unmark_deletion),
    Transition(DOOMED,    ask.Approve,         NONE,      (*REVIEWER, g.not_upstream), do.remove,
               COUNT, do.record_approval),
    Transition(DOOMED,    ask.Settle,          NONE,      (g.policy_readable, g.not_upstream), do.remove,
               COUNT, do.nothing),
)
# fmt: on

BY_STATE_AND_COMMAND = {(row.source, row.asked): row for row in TRANSITIONS}


def possible(state: Lifecycle) -> tuple[str, ...]:
    """The words that a person can say to a revision in this state."""
    return tuple(row.asked.word for row in TRANSITIONS if row.source is state and row.asked not in ask.OWN)
