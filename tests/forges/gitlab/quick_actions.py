"""Quick actions: the lines of a note that GitLab takes for itself, does, and strips."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.forges.gitlab import approving, mergeability, merging, opening
from tests.forges.gitlab.issue import Noteable
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.note import Award
from tests.forges.gitlab.people import DEVELOPER, User
from tests.forges.gitlab.pushing import close
from tests.forges.gitlab.refusal import Refused
from tests.forges.gitlab.telling import tell_award
from tests.forges.gitlab.world import World

# Every word that GitLab takes, those too that mean something beneath issues alone, and as its
# documents have them: an instance may take others.
WORDS = """
add_contacts add_email approve assign assign_reviewer award blocked_by blocks board_move
checkin_reminder child clear_health_status clear_weight clone close confidential convert_to_ticket
copy_metadata create_merge_request done draft due duplicate epic estimate estimate_time
health_status iteration label labels link lock mark_as_draft merge milestone move page promote
promote_to promote_to_incident publish react ready reassign reassign_reviewer rebase relabel relate
remove_contacts remove_due_date remove_email remove_epic remove_estimate remove_iteration
remove_milestone remove_parent remove_time_spent remove_zoom reopen request_changes request_review
reviewer run_pipeline set_parent severity ship spend spend_time spent submit_review subscribe tag
target_branch timeline title todo type unapprove unassign unassign_reviewer unblock unlabel unlink
unlock unsubscribe weight zoom
"""
KNOWN = frozenset(WORDS.split())
LINE = re.compile(r"/(\w+)(?:[ \t]+(.*?))?[ \t]*")
FENCE = re.compile(r"[ \t]{0,3}(```|~~~)")


@dataclass
class Taken:
    """What a note comes to: the words that are left, and what was done."""

    body: str
    commands: list[tuple[str, str]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    summary: list[str] = field(default_factory=list)

    @property
    def is_all(self) -> bool:
        """Whether nothing else was written."""
        return bool(self.commands) and not self.body


def extract(text: str) -> Taken:
    """Take out the lines that are quick actions; in code they are words as any."""
    left: list[str] = []
    found: list[tuple[str, str]] = []
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if opens := FENCE.match(line):
            fence = "" if fence == opens[1] else fence or opens[1]
        match = None if fence else LINE.fullmatch(line)
        if match and match[1].lower() in KNOWN:
            found.append((match[1].lower(), match[2] or ""))
        else:
            left.append(line)
    return Taken("\n".join(left).strip() if found else text, found)


def run(world: World, held: Noteable, user: User, taken: Taken) -> None:
    """Do what the lines say, as far as whoever wrote them may; what they may not is passed over.

    Beneath an issue nothing of it is of this world.
    """
    if not isinstance(held, MergeRequest):
        return
    for name, words in taken.commands:
        act = ACTIONS.get(name)
        if not act:
            continue
        try:
            changed = act(world, held, user, words)
        except Refused:
            continue
        if changed:
            taken.changes |= changed
            taken.summary.append(f"Applied /{name}.")


Act = Callable[[World, MergeRequest, User, str], dict[str, Any]]


def _approve(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    approving.approve(world, held, user)
    return {"approve": True}


def _unapprove(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    approving.unapprove(world, held, user)
    return {"unapprove": True}


def _draft(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    return {"wip_event": "draft"} if opening.set_draft(world, held, user, draft=True) else {}


def _ready(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    return {"wip_event": "ready"} if opening.set_draft(world, held, user, draft=False) else {}


def _close(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    if not held.is_open or not _may_edit(world, held, user):
        return {}
    close(world, held, user)
    return {"state_event": "close"}


def _reopen(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    if held.state != "closed" or not _may_edit(world, held, user):
        return {}
    opening.reopen(world, held, user)
    return {"state_event": "reopen"}


def _may_edit(world: World, held: MergeRequest, user: User) -> bool:
    return user is held.author or held.target.level(user, world.today) >= DEVELOPER


def _merge(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    head = held.head
    merging.merge(world, held, user, {"sha": head, "auto_merge": True})
    return {"merge": head}


def _rebase(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    del words
    if not mergeability.is_behind(held):
        return {}
    merging.rebase(world, held, user)
    return {"rebase": True}


def _edit(world: World, held: MergeRequest, user: User, **asked: Any) -> dict[str, Any]:
    opening.edit(world, held, user, asked)
    return asked


def _react(world: World, held: MergeRequest, user: User, words: str) -> dict[str, Any]:
    award = Award(world.next(), user, words.strip(" :"), world.clock.tick())
    held.awards.append(award)
    tell_award(world, held, award, "award", user)
    return {"emoji_award": award.name}


def _labels(words: str) -> str:
    return ",".join(each.strip('~"') for each in words.split())


ACTIONS: dict[str, Act] = {
    "approve": _approve,
    "unapprove": _unapprove,
    "draft": _draft,
    "mark_as_draft": _draft,
    "ready": _ready,
    "close": _close,
    "reopen": _reopen,
    "merge": _merge,
    "rebase": _rebase,
    "react": _react,
    "award": _react,
    "title": lambda world, held, user, words: _edit(world, held, user, title=words),
    "target_branch": lambda world, held, user, words: _edit(world, held, user, target_branch=words),
    "label": lambda world, held, user, words: _edit(world, held, user, add_labels=_labels(words)),
    "unlabel": lambda world, held, user, words: _edit(world, held, user, remove_labels=_labels(words)),
}
