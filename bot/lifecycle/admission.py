"""A push at the gate: whether one ref may move so, before any of its objects are kept."""

from typing import NamedTuple

from bot.errors import InvalidName
from bot.lifecycle import messages
from bot.lifecycle.commands import EXPLAIN, SPOKEN
from bot.lifecycle.person import Person
from bot.lifecycle.policy import EVERYBODY, Policy
from bot.packages.layout import HEADS, TAGS, Layout, RefKind
from bot.packages.problem import Problem

MAGIC = "refs/portico/"


class Update(NamedTuple):
    """One ref of a push; ids are hex, '' for a ref that appears or goes.

    `fast_forward` says that `new` continues `old`; `holds_package` that a tag's directory is a package;
    `problems` what is wrong with the content of a draft.
    """

    ref: str
    old: str
    new: str
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
    try:
        place = gate.layout.read(update.ref)
    except InvalidName as error:
        return str(error) if update.new else ""
    if update.ref == gate.layout.branch_ref:
        return _branch(update, by, gate)
    if update.ref.startswith(TAGS):
        return _tag(update, by, gate)
    if place is not None and place.kind is RefKind.DRAFT and update.new and update.problems:
        return messages.has_problems(update.problems)
    return ""


def _magic(update: Update) -> str:
    word = update.ref.removeprefix(MAGIC).partition("/")[0]
    words = (*SPOKEN, EXPLAIN)
    if word not in words:
        return messages.unknown_word(word, words)
    return "" if update.new else messages.nothing_to_delete(update.ref)


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
    if not update.holds_package:
        return ""
    tag = update.ref.removeprefix(TAGS)
    if update.old and update.new:
        return messages.tag_never_moves(tag)
    if not update.new:
        return messages.tag_by_deletion(tag)
    return "" if _may_push(by, gate) else messages.tag_by_publication(tag)


def _may_push(by: Person, gate: Gate) -> bool:
    allowed = gate.policy.direct_pushes if not gate.policy.problems else ()
    return EVERYBODY in allowed or by.listed_in(allowed) or by.listed_in(gate.admins)
