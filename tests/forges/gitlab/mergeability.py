"""Whether a merge request could be merged, and whose approval counts; asking starts what finds it out."""

import hashlib
from datetime import datetime

from tests.forges.git_half import Conflict, Touched
from tests.forges.gitlab.merge_request import MergeRequest, Version
from tests.forges.gitlab.people import DEVELOPER, User
from tests.forges.gitlab.status import UNFINISHED, combined

# What says nothing yet about whether it can be merged.
PENDING = ("preparing", "unchecked", "checking")


def ask(held: MergeRequest, moment: datetime) -> str:
    """The detailed status as one merge request has it that is looked at alone."""
    if not held.is_open:
        return "not_open"
    held.asked += 1
    settings = held.target.settings
    if held.prepared is None:
        if held.asked <= settings.prepared_after:
            return "preparing"
        held.prepared = moment
    return compute(held) if is_known(held) else "checking"


def peek(held: MergeRequest) -> str:
    """The detailed status as far as it is known."""
    if not held.is_open:
        return "not_open"
    if held.prepared is None:
        return "preparing"
    if is_known(held):
        return compute(held)
    return "checking" if held.asked else "unchecked"


def is_known(held: MergeRequest) -> bool:
    settings = held.target.settings
    return held.prepared is not None and held.asked > max(settings.checked_after, settings.prepared_after)


def old_word(held: MergeRequest) -> str:
    """`merge_status`, which knows of conflicts alone."""
    if held.is_open and not is_known(held):
        return "checking" if held.asked else "unchecked"
    return "cannot_be_merged" if held.state == "closed" or is_conflicting(held) else "can_be_merged"


def compute(held: MergeRequest) -> str:
    """What GitLab comes to at last."""
    settings = held.target.settings
    if not held.is_open:
        return "not_open"
    if held.is_draft:
        return "draft_status"
    if not held.head or not target_tip(held):
        return "broken_status"
    if settings.needs_resolved and held.unresolved:
        return "discussions_not_resolved"
    if settings.is_paid and held.wants_changes:
        return "requested_changes"
    if not is_enough(held):
        return "not_approved"
    if ci := _ci(held):
        return ci
    if is_conflicting(held):
        return "conflict"
    if settings.merge_method != "merge" and is_behind(held):
        return "need_rebase"
    return "mergeable"


def _ci(held: MergeRequest) -> str:
    """What the head's pipeline still wants, where one is wanted."""
    if not held.target.settings.needs_pipeline:
        return ""
    said = combined(held.target.statuses_of(held.head))
    if said in UNFINISHED:
        return "ci_still_running"
    return "" if said in {"success", "skipped"} else "ci_must_pass"


def is_conflicting(held: MergeRequest) -> bool:
    tip = target_tip(held)
    if not held.head or not tip or held.state == "merged":
        return False
    try:
        held.target.bare.merge(tip, held.head)
    except Conflict:
        return True
    return False


def is_behind(held: MergeRequest) -> bool:
    return not held.target.bare.is_ancestor(target_tip(held), held.head)


def target_tip(held: MergeRequest) -> str:
    return held.target.tip(held.target_branch)


def squashes(held: MergeRequest) -> bool:
    """Whether a merge will squash, as the project has it and the merge request wants it."""
    option = held.target.settings.squash_option
    return option == "always" or (option != "never" and held.squash)


def touched(held: MergeRequest) -> list[Touched]:
    version = held.version
    return held.target.bare.touched(version.base, version.head) if version else []


def patch_id(held: MergeRequest, version: Version) -> str:
    """What a version changes, wherever it stands; approvals stay for as long as it is the same."""
    files = held.target.bare.touched(version.base, version.head)
    lines = [
        f"{each.path} {each.previous} "
        + "".join(line for line in each.patch.splitlines(keepends=True) if not line.startswith("@@"))
        for each in files
    ]
    return hashlib.sha1("".join(lines).encode()).hexdigest()  # noqa: S324 no secret


# Approvals


def may_approve(held: MergeRequest, user: User, level: int) -> bool:
    """Whether somebody may approve; authors and committers may, unless a project that pays forbids it."""
    settings = held.target.settings
    if level < DEVELOPER or held.state == "merged":
        return False
    if settings.is_paid and not settings.author_may_approve and user is held.author:
        return False
    is_barred = settings.is_paid and not settings.committers_may_approve
    return not (is_barred and user.email in _committers(held))


def _committers(held: MergeRequest) -> set[str]:
    bare, tip = held.target.bare, target_tip(held)
    names = bare.missing(tip, held.head) if held.head and tip else []
    return {bare.commit(sha).committer.email for sha in names}


def is_approved(held: MergeRequest) -> bool:
    """GitLab's own word; where approvals are required, whether there are enough, which none may be."""
    return is_enough(held) if held.target.settings.is_paid else bool(held.approvals)


def is_enough(held: MergeRequest) -> bool:
    """Whether there are as many approvals as are required, and by whom."""
    settings, given = held.target.settings, [each.user for each in held.approvals]
    if not settings.is_paid:
        return True
    return len(given) >= settings.approvals and all(each.is_met(given) for each in settings.rules.values())
