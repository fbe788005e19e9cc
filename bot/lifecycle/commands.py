"""What is asked, by a person or by the bot itself; each command is declared once, with word and help."""

from dataclasses import dataclass
from typing import ClassVar

from bot.lifecycle.person import PORTICO, Person
from bot.packages.naming import RevisionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`at` is the commit that its asker had in view, '' when the way of asking has none."""

    word: ClassVar[str] = ""
    help: ClassVar[str] = ""
    who: ClassVar[str] = "anyone who may push"

    name: RevisionName
    by: Person = PORTICO
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Save(Command):
    """Make `at` the draft's head; `old` is the head that its author had seen, '' for a new draft."""

    word: ClassVar[str] = "push"
    help: ClassVar[str] = "write the draft: push commits to its branch"

    old: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Render(Command):
    """Run the package's function pipeline and commit what it changed."""

    word: ClassVar[str] = "render"
    help: ClassVar[str] = "run the package's functions and commit the result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Command):
    """Ask for the draft to be published."""

    word: ClassVar[str] = "propose"
    help: ClassVar[str] = "ask for the draft to be published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    """Agree to what is proposed, a publication or a deletion."""

    word: ClassVar[str] = "approve"
    help: ClassVar[str] = "agree to what is proposed, at the commit you reviewed"
    who: ClassVar[str] = "approvers who did not write it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject(Command):
    """Send what is proposed back, with a reason."""

    word: ClassVar[str] = "reject"
    help: ClassVar[str] = "send what is proposed back, with a reason"
    who: ClassVar[str] = "approvers"

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeDeletion(Command):
    """Ask for a published revision to be deleted."""

    word: ClassVar[str] = "propose-delete"
    help: ClassVar[str] = "ask for a published revision to be deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete(Command):
    """Throw a draft or proposal away."""

    word: ClassVar[str] = "delete"
    help: ClassVar[str] = "throw a draft or proposal away"
    who: ClassVar[str] = "its authors and approvers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(Command):
    """Do what the approvals that were given amount to, and undo a proposal that must not stand.

    On a forge people propose and approve by the forge's own buttons: it has happened when we hear of it.
    """

    word: ClassVar[str] = "settle"
    help: ClassVar[str] = "publish what has been approved"


# What the bot asks by itself; nobody is told that it was not possible.
OWN: tuple[type[Command], ...] = (Render, Settle)
# The words that a person can say; `explain` is a question, not a command, and stands beside them.
SPOKEN: dict[str, type[Command]] = {
    kind.word: kind for kind in (Propose, Approve, Reject, ProposeDeletion, Delete)
}
EVERY: tuple[type[Command], ...] = (Save, *OWN, *SPOKEN.values())
EXPLAIN = "explain"
