"""Changes merged: at exactly one head, once, and by a method that the repository allows."""

from typing import Any

from bot.errors import Moved, Outdated, Refused, UserError
from bot.forges.github.opening import standing
from bot.forges.github.place import Place
from bot.forges.github.queries import ENQUEUE
from bot.forges.patience import Unclear

# In the order in which they keep what a package's history says.
_METHODS = {"merge": "mergeCommitAllowed", "squash": "squashMergeAllowed", "rebase": "rebaseMergeAllowed"}
# A rule of the branch may forbid a method that the settings of the repository allow.
_NOT_THIS_WAY = (
    "merge commits are not allowed",
    "squash merges are not allowed",
    "rebase merges are not allowed",
    "merge method",
    "must not contain merge commits",
)
_ELSEWHERE = ("base branch was modified", "head branch was modified", "expected head", "head sha")
_OUTDATED = ("up to date", "up-to-date", "out of date", "out-of-date")
_BEHIND = "BEHIND"  # the state of a change whose branch must be up to date, and is not
_UNDECIDED = "not mergeable"  # also said while GitHub still works out whether it is
_SETTLING_SECONDS = (1, 2)  # how long it is waited for, each time that GitHub has not worked it out


def merge(place: Place, number: int, head: str, title: str, text: str) -> str:
    """Merge at `head`; the commit that the branch then stands at, '' where the merge queue will make it.

    Asked again after it was done, it says the same. Raises Moved where head or branch are elsewhere, Refused
    with the rule, and where GitHub does not come to say whether it can be merged.
    """
    repository = standing(place, number)
    pull = repository["pullRequest"]
    _check(pull, head)
    if pull["state"] == "MERGED":
        return _merged(pull, head)
    if repository.get("mergeQueue"):
        return _enqueue(place, pull, head)
    allowed = [method for method, setting in _METHODS.items() if repository.get(setting)] or ["merge"]
    try:
        return _by_one_of(allowed, place, number, head, {"commit_title": title, "commit_message": text})
    except Refused as error:
        is_named = any(words in str(error).lower() for words in _OUTDATED)
        if is_named or pull.get("mergeStateStatus") == _BEHIND:
            raise Outdated(str(error)) from error
        raise


def _check(pull: dict[str, Any], head: str) -> None:
    if pull["headRefOid"] != head:
        raise Moved("Somebody pushed to the pull request meanwhile; it is looked at again.")
    if pull["state"] == "CLOSED":
        raise Moved("Somebody closed the pull request meanwhile; it is looked at again.")
    if pull["state"] == "OPEN" and pull["isDraft"]:
        raise Moved("Somebody made the pull request a draft meanwhile; it is looked at again.")
    if pull["state"] == "OPEN" and pull.get("mergeable") == "CONFLICTING":
        raise Refused("The change conflicts with the branch: bring it up to date, and propose it again.")


def _by_one_of(methods: list[str], place: Place, number: int, head: str, words: dict[str, str]) -> str:
    for method in methods:
        asked = {"sha": head, "merge_method": method, **words}
        try:
            return str(place.session.write("PUT", f"{place.pull(number)}/merge", asked).body["sha"])
        except Refused as error:
            if method == methods[-1] or not any(words in str(error).lower() for words in _NOT_THIS_WAY):
                raise _meant(error, place, number, head) from error
        except Unclear:
            # It may have been done. Never twice: the second time GitHub would say that it cannot be merged.
            pull = standing(place, number)["pullRequest"]
            if pull["state"] == "MERGED":
                return _merged(pull, head)
            raise
    raise AssertionError("there is always a last method")


def _meant(error: Refused, place: Place, number: int, head: str) -> UserError:
    """What a refusal to merge amounts to; asks anew where GitHub's words leave it open."""
    words = str(error).lower()
    if any(part in words for part in _ELSEWHERE):
        return Moved(str(error))
    if _UNDECIDED not in words:
        return error
    pull, waited = _worked_out(place, number)
    try:
        _check(pull, head)
    except UserError as known:
        return known
    if pull["state"] == "MERGED":
        return Moved("Somebody merged the pull request meanwhile; it is looked at again.")
    if pull.get("mergeable") == "UNKNOWN":
        return Refused(
            "GitHub has not worked out whether the change can be merged; a later look tries again."
        )
    return Moved("GitHub has worked out that the change can be merged.") if waited else error


def _worked_out(place: Place, number: int) -> tuple[dict[str, Any], bool]:
    """The change when GitHub knows whether it can be merged, or does not come to it; whether we waited."""
    pull = standing(place, number)["pullRequest"]
    waited = False
    for seconds in _SETTLING_SECONDS:
        if pull.get("mergeable") != "UNKNOWN":
            break
        place.session.pause(seconds)
        pull, waited = standing(place, number)["pullRequest"], True
    return pull, waited


def _merged(pull: dict[str, Any], head: str) -> str:
    return str((pull.get("mergeCommit") or {}).get("oid") or head)


def _enqueue(place: Place, pull: dict[str, Any], head: str) -> str:
    if not pull["isInMergeQueue"]:
        try:
            place.session.mutate(ENQUEUE, {"id": pull["id"], "head": head})
        except Refused as error:
            if any(part in str(error).lower() for part in _ELSEWHERE):
                raise Moved(str(error)) from error
            raise
    return ""
