"""Changes merged: at exactly one head, once, and by the method that the project demands.

https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request
"""

from collections.abc import Mapping
from typing import Any

from bot.errors import Later, Moved, NotFound, Outdated, Refused, UserError
from bot.forges.gitlab.opening import standing
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.reading import ON_TRAIN, commit, draft_of, merged
from bot.forges.gitlab.refusals import refusal, said
from bot.forges.gitlab.session import Answer
from bot.forges.patience import Unclear

TRIES = 8  # how often it is asked whether a change can be merged, while GitLab works that out
PAUSE_SECONDS = 1.0
SETTLING_SECONDS = 5
# https://docs.gitlab.com/api/merge_requests/#merge-status
_UNDECIDED = {"preparing", "checking", "unchecked", "approvals_syncing"}
_BEHIND = "need_rebase"
_OBSTACLES = {
    "conflict": "The change conflicts with the branch: bring it up to date, and propose it again.",
    _BEHIND: "The project merges only what is rebased: rebase the branch, and propose it again.",
    "not_approved": "GitLab's own approval rules of the project are not satisfied yet.",
    "requested_changes": "A reviewer has requested changes, which GitLab holds it back for.",
    "discussions_not_resolved": "The project demands that every thread is resolved first.",
    "ci_must_pass": "The project demands a pipeline that went well first.",
    "ci_still_running": "The project demands that its pipeline ends well first.",
    "external_status_checks": "The project demands that external status checks go well first.",
    "status_checks_must_pass": "The project demands that external status checks go well first.",
    "merge_request_blocked": "Another merge request must be merged first.",
    "jira_association_missing": "The project demands that its title or description names a Jira issue.",
    "locked_paths": "Files of it are locked on GitLab.",
    "locked_lfs_files": "Files of it are locked on GitLab.",
    "title_regex": "The project demands another form of its title.",
    "merge_time": "It may not be merged before the time that was set for it on GitLab.",
    "security_policy_violations": "A security policy of the project is violated.",
    "security_policies_violations": "A security policy of the project is violated.",
    "policies_denied": "A policy of the project does not allow it.",
    "commits_status": "GitLab finds no commits on its branch.",
}


def merge(place: Place, number: int, head: str, title: str, text: str) -> str:
    """Merge at `head`; the commit that the branch then stands at, '' where a merge train will make it.

    Asked again after it was done, it says the same. Raises Moved where head or branch are elsewhere, Refused
    with the rule, Later where GitLab cannot say yet.
    """
    found = _decided(place, number, head)
    if found.get("state") == "merged":
        return merged(found)
    project = place.session.get(place.path).body
    if project.get("merge_trains_enabled"):
        return _board(place, number, head)
    status = str(found.get("detailed_merge_status"))
    if status in _OBSTACLES:
        raise _obstacle(status)
    message = f"{title}\n\n{text}".strip()
    asked: dict[str, Any] = {
        "sha": head,
        "merge_commit_message": message,
        "squash_commit_message": message,
        "should_remove_source_branch": False,
    }
    # A squash would hide who wrote what: it is made only where the project makes it in any case.
    asked |= {} if project.get("squash_option") == "always" else {"squash": False}
    return _merged_by(place, number, head, asked)


def _merged_by(place: Place, number: int, head: str, asked: Mapping[str, Any]) -> str:
    try:
        answer = place.session.attempt("PUT", f"{place.change(number)}/merge", asked)
    except Unclear:
        # It may have been done, or be under way. Never twice: the second time GitLab would refuse it.
        found = _decided(place, number, head)
        if found.get("state") == "merged":
            return merged(found)
        raise
    if not answer.is_success:
        raise _meant(place, number, head, answer)
    return merged(answer.body) if isinstance(answer.body, dict) else ""


def _decided(place: Place, number: int, head: str) -> Mapping[str, Any]:
    """The merge request once GitLab knows whether it can be merged; raises what stands against it."""
    for attempt in range(TRIES):
        if attempt:
            place.session.pause(PAUSE_SECONDS)
        found = standing(place, number)
        _check(found, head)
        if found.get("state") == "merged":
            return found
        if found.get("state") != "locked" and found.get("detailed_merge_status") not in _UNDECIDED:
            return found
    raise Later("GitLab still works out whether the change can be merged.", SETTLING_SECONDS)


def _check(found: Mapping[str, Any], head: str) -> None:
    if commit(found.get("sha")) != head:
        raise Moved("Somebody pushed to the merge request meanwhile; it is looked at again.")
    if found.get("state") == "closed":
        raise Moved("Somebody closed the merge request meanwhile; it is looked at again.")
    if found.get("state") == "opened" and draft_of(found):
        raise Moved("Somebody made the merge request a draft meanwhile; it is looked at again.")


def _meant(place: Place, number: int, head: str, answer: Answer) -> UserError:
    """What a refusal to merge amounts to; asks anew where GitLab's words leave it open."""
    words = said(answer.body)
    if answer.status in {401, 403}:
        return Refused(
            "Portico's user may not merge into the branch: it must be among those who are 'Allowed to merge' "
            f"in the settings of protected branches{': ' + words if words else ''}."
        )
    if answer.status == 409:
        if "sha" in words.lower():
            return Moved(f"GitLab found another head than was expected: {words}")
        return Later(f"GitLab is at it already: {words}", SETTLING_SECONDS)
    if answer.status not in {400, 405, 406, 422}:
        return refusal(answer.status, answer.headers, answer.body)
    try:
        found = _decided(place, number, head)
    except UserError as known:
        return known
    if found.get("state") == "merged":
        return Moved("Somebody merged the merge request meanwhile; it is looked at again.")
    status = str(found.get("detailed_merge_status"))
    if status == "mergeable" and answer.status != 400:
        # It was still being prepared when it was asked for.
        return Later("GitLab could not merge it just now.", SETTLING_SECONDS)
    if status in _OBSTACLES:
        return _obstacle(status)
    return Refused(f"GitLab does not merge it: {words or status}.")


def _obstacle(status: str) -> Refused:
    return (Outdated if status == _BEHIND else Refused)(_OBSTACLES[status])


def _board(place: Place, number: int, head: str) -> str:
    """Have it join the merge train; one that is on it stays there."""
    path = place.train(number)
    try:
        car = place.session.get(path).body or {}
    except NotFound:
        car = {}
    if car.get("status") in ON_TRAIN:
        return ""
    answer = place.session.attempt("POST", path, {"sha": head})
    if not answer.is_success:
        raise _meant(place, number, head, answer)
    return ""
