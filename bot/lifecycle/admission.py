"""A push at the gate: whether one ref may move so, before any of its objects are kept."""

from typing import NamedTuple

from bot.errors import InvalidName
from bot.lifecycle import messages
from bot.lifecycle.commands import EXPLAIN, SPOKEN
from bot.lifecycle.person import Person
from bot.lifecycle.policy import EVERYBODY, Policy
from bot.packages.layout import HEADS, TAGS, Layout, Place, RefKind
from bot.packages.naming import RevisionName, check_name, check_object_name, object_name
from bot.packages.problem import Problem

MAGIC = "refs/portico/"
BRANCHES = (RefKind.DRAFT, RefKind.PROPOSED, RefKind.DELETION)
UNPUBLISHED = (RefKind.DRAFT, RefKind.PROPOSED)
# Others would be taken for what they are not: `net/dns/v1` for refs/net/dns/v1 (gitrevisions(7)), and any
# object for what refs/replace/ says of it.
KINDS = (HEADS, TAGS, "refs/notes/")
# What a clone calls the server: `origin/main` is taken for a tag before it is taken for a branch.
ORIGIN = "origin"


class Update(NamedTuple):
    """One ref of a push; ids are hex, '' for a ref that appears or goes.

    `commit` says that `new` is one, or goes; `fast_forward` that it continues `old`; `holds_package` that
    a tag's directory is a package, and for a branch that its name is, or could be, such a tag's; `problems`
    what is wrong with the content of a draft or proposal.
    """

    ref: str
    old: str
    new: str
    commit: bool = True
    fast_forward: bool = True
    holds_package: bool = False
    problems: tuple[Problem, ...] = ()


class Gate(NamedTuple):
    """What the gate knows of the repository; `admins` may push to the branch whatever the policy says."""

    layout: Layout
    policy: Policy
    admins: tuple[str, ...] = ()


def admit(update: Update, by: Person, gate: Gate) -> str:
    """Return '' when the ref may move, else the sentence that says why not and what to do."""
    if update.ref.startswith(MAGIC):
        return _magic(update)
    if not update.ref.startswith(KINDS):
        return messages.no_kind(update.ref) if update.new else ""
    try:
        place = gate.layout.read(update.ref)
    except InvalidName as error:
        return str(error) if update.new else ""
    if not update.commit:
        return messages.not_a_commit(update.ref.removeprefix(HEADS))
    if update.ref == gate.layout.branch_ref:
        return _branch(update, by, gate)
    if update.ref.startswith(TAGS):
        return _tag(update, by, gate)
    if update.new and update.ref.removeprefix(HEADS) in BRANCHES:
        return messages.branch_in_the_way(update.ref.removeprefix(HEADS))
    if update.new and update.holds_package:
        return messages.branch_like_a_tag(update.ref.removeprefix(HEADS))
    return _unpublished(update, place) if update.new and place and place.kind in UNPUBLISHED else ""


def _magic(update: Update) -> str:
    word = update.ref.removeprefix(MAGIC).partition("/")[0]
    words = (*SPOKEN, EXPLAIN)
    if word not in words:
        return messages.unknown_word(word, words)
    return "" if update.new else messages.nothing_to_delete(update.ref)


def _unpublished(update: Update, place: Place) -> str:
    name = RevisionName(place.path, place.suffix)
    try:
        # What another program named by other rules can still be written.
        if not update.old:
            check_name(name)
            check_object_name(object_name("<repository>", *name))
    except InvalidName as error:
        return str(error)
    return messages.has_problems(update.problems) if update.problems else ""


def _branch(update: Update, by: Person, gate: Gate) -> str:
    branch = update.ref.removeprefix(HEADS)
    if not update.new:
        return messages.branch_stays(branch)
    if not update.old:
        return ""  # the first commit of an empty repository
    if not update.fast_forward:
        return messages.branch_never_rewinds(branch)
    return "" if _may_push(by, gate) else messages.branch_by_publication(branch)


def _tag(update: Update, by: Person, gate: Gate) -> str:
    tag = update.ref.removeprefix(TAGS)
    if update.new and (tag == gate.layout.branch or tag.partition("/")[0] in (*BRANCHES, ORIGIN)):
        return messages.tag_like_a_branch(tag)
    if not update.holds_package:
        return ""
    if update.old and update.new:
        return messages.tag_never_moves(tag)
    if not update.new:
        return messages.tag_by_deletion(tag)
    return "" if _may_push(by, gate) else messages.tag_by_publication(tag)


def _may_push(by: Person, gate: Gate) -> bool:
    allowed = gate.policy.direct_pushes if not gate.policy.problems else ()
    return EVERYBODY in allowed or by.listed_in(allowed) or by.listed_in(gate.admins)
