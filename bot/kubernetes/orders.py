"""What a person wants, read from an object that they changed: commands, as a word or a push would be."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.kubernetes.cluster import MANAGER, Object
from bot.kubernetes.wished import is_ours, managed
from bot.lifecycle.commands import Approve, Command, Delete, Propose, ProposeDeletion, Reject
from bot.lifecycle.person import Person
from bot.packages.naming import RevisionName
from bot.packages.revision import Lifecycle

REASON = "portico.dev/reason"  # annotation: why somebody sends a proposal back
# From where it stands, to what was written into `spec.lifecycle`.
_STEPS: Mapping[tuple[Lifecycle, Lifecycle], type[Command]] = {
    (Lifecycle.DRAFT, Lifecycle.PROPOSED): Propose,
    (Lifecycle.PROPOSED, Lifecycle.PUBLISHED): Approve,
    (Lifecycle.PROPOSED, Lifecycle.DRAFT): Reject,
    (Lifecycle.PUBLISHED, Lifecycle.DELETION_PROPOSED): ProposeDeletion,
    (Lifecycle.DELETION_PROPOSED, Lifecycle.PUBLISHED): Reject,
}
# To delete the object of a draft throws the draft away; of what is proposed for deletion, agrees to it.
_DELETIONS: Mapping[Lifecycle, type[Command]] = {
    Lifecycle.DRAFT: Delete,
    Lifecycle.PROPOSED: Delete,
    Lifecycle.DELETION_PROPOSED: Approve,
}


class Wish(NamedTuple):
    """A change that somebody made to an object: `to` is the lifecycle that they wrote, None to delete it.

    `seen` is the commit that the object named when they did.
    """

    to: Lifecycle | None
    seen: str
    reason: str = ""


def wish_of(actual: Object) -> Wish | None:
    """What somebody else made of an object that we wrote; None where nobody did."""
    metadata = actual.get("metadata", {})
    seen = ((actual.get("status") or {}).get("selfLock") or {}).get("git", {}).get("commit", "")
    reason = str((metadata.get("annotations") or {}).get(REASON, ""))
    if metadata.get("deletionTimestamp"):
        return Wish(None, seen, reason)
    written = str(actual.get("spec", {}).get("lifecycle", ""))
    if written not in tuple(Lifecycle) or _is_by_us(actual):
        return None
    return Wish(Lifecycle(written), seen, reason)


def command_of(wish: Wish, name: RevisionName, stands: Lifecycle, by: Person) -> Command | None:
    """The command that a wish amounts to, as the revision stands; None where no step leads there."""
    kind = _DELETIONS.get(stands) if wish.to is None else _STEPS.get((stands, wish.to))
    if kind is None:
        return None
    if kind is Reject:
        return Reject(name=name, by=by, at=wish.seen, reason=wish.reason)
    return kind(name=name, by=by, at=wish.seen)


def asks(actual: Object) -> bool:
    """Whether somebody asks for a new draft by an object that we did not write."""
    return not is_ours(actual) and bool(actual.get("spec", {}).get("source"))


def _is_by_us(actual: Object) -> bool:
    """Whether what `spec.lifecycle` says is what we wrote: another's change takes the field from us."""
    return any(
        entry.get("manager") == MANAGER
        and "f:lifecycle" in ((entry.get("fieldsV1") or {}).get("f:spec") or {})
        for entry in managed(actual)
    )
