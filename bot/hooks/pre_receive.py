"""The gate of a push: admits or refuses, with a reason per ref, before any of its objects are kept.

The objects are looked at where Git has put them in quarantine; no function is ever run here.
"""

import sys
from collections.abc import Iterable, Iterator

from bot.errors import InvalidName, UserError
from bot.git.pushed import continues, holds_package, is_commit
from bot.git.refs import real_name
from bot.git.standing import tip
from bot.git.transaction import ZERO
from bot.git.trees import read_files, same_files
from bot.hooks.desk import Desk
from bot.lifecycle.admission import UNPUBLISHED, Gate, Update, admit
from bot.lifecycle.messages import bad_policy
from bot.packages.layout import HEADS, TAGS, revision_number
from bot.packages.problem import Problem
from bot.packages.validate import problems


def pre_receive(desk: Desk) -> int:
    """Read Git's lines `<old> <new> <ref>` from standard input; the exit code is the answer."""
    base = tip(desk.repository, desk.layout.branch_ref)
    gate = Gate(desk.layout, desk.gatherer.policy(base), desk.server.admins)
    refused = False
    moved = ""
    for update in _updates(desk, sys.stdin.buffer, base):
        if reason := admit(update, desk.by, gate):
            desk.tell(f"refused {update.ref}: {reason}")
            refused = True
        elif update.ref == desk.layout.branch_ref:
            moved = update.new
    if moved and not refused and (mistakes := desk.gatherer.policy(moved).problems):
        desk.tell(bad_policy(mistakes))  # it is theirs to push; but now somebody looks
    return 1 if refused else 0


def _updates(desk: Desk, lines: Iterable[bytes], base: str) -> Iterator[Update]:
    branch = desk.layout.branch_ref
    real_branch = real_name(desk.repository, branch)
    for line in lines:
        old, new, name = line.decode(errors="surrogateescape").rstrip("\n").split(" ", 2)
        # What moves is judged, by whichever of its names it was pushed.
        ref = real_name(desk.repository, name)
        ref = branch if ref == real_branch else ref
        update = Update(ref, "" if old == ZERO else old, "" if new == ZERO else new)
        yield _looked_at(desk, update, base)


def _looked_at(desk: Desk, update: Update, base: str) -> Update:
    """Add what the gate must know of the objects that a ref would move to."""
    if update.new and update.ref.startswith(HEADS) and not is_commit(desk.repository, update.new):
        return update._replace(commit=False)
    if update.ref == desk.layout.branch_ref and update.old and update.new:
        return update._replace(fast_forward=continues(desk.repository, update.new, update.old))
    try:
        place = desk.layout.read(update.ref)
    except InvalidName:
        return update  # the gate says what is wrong with it
    if place is None:
        return update._replace(holds_package=_hides_revision(desk, update, base))
    full_path = desk.layout.full_path(place.path)
    if update.ref.startswith(TAGS):
        # A tag moved to where the package is not would unpublish it; one made there would take its number.
        return update._replace(holds_package=_holds(desk, full_path, update.old, update.new, base))
    if place.kind in UNPUBLISHED and update.new:
        return update._replace(problems=_problems(desk, update, full_path, base))
    return update


def _hides_revision(desk: Desk, update: Update, base: str) -> bool:
    """Say whether a branch has the name of a revision's tag, or of one that can come."""
    tag = TAGS + update.ref.removeprefix(HEADS)
    place = desk.layout.read(tag) if update.new and update.ref.startswith(HEADS) else None
    if place is None:
        return False
    published = tip(desk.repository, tag)
    commits = (published, update.new, base) if revision_number(place.suffix) > 0 else (published,)
    return _holds(desk, desk.layout.full_path(place.path), *commits)


def _holds(desk: Desk, full_path: str, *commits: str) -> bool:
    return any(commit and holds_package(desk.repository, commit, full_path) for commit in commits)


def _problems(desk: Desk, update: Update, full_path: str, base: str) -> tuple[Problem, ...]:
    try:
        # What stands in the draft or on the branch came through this gate once, and is not read again.
        known = update.old or base
        admitted = same_files(desk.repository, known, update.new, full_path) if known else ()
        return tuple(problems(read_files(desk.repository, update.new, full_path), admitted=admitted))
    except UserError as error:
        return (Problem(full_path, str(error)),)
