"""GitHub's answers, read as values of this house; what is missing in them is read as nothing."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.forges.recent import may_ask
from bot.lifecycle.change import (
    NOBODY,
    Answered,
    Arrival,
    Change,
    ChangeAt,
    Ejection,
    Living,
    Opinion,
    Remark,
    Review,
    Signal,
)
from bot.lifecycle.issue import Issue, IssueAt
from bot.lifecycle.person import Person

MARKER = "<!-- portico:living -->\n"
DRAFT_LABEL = "portico: draft"  # where changes cannot be drafts
CONTEXT = "portico"  # the name of our check, and the context of our status
HEADS = "refs/heads/"
_BOT = "[bot]"
_NO_COMMIT = "0" * 40
_OPINIONS = {
    "APPROVED": Opinion.APPROVED,
    "CHANGES_REQUESTED": Opinion.REJECTED,
    "DISMISSED": Opinion.DISMISSED,
}
# The last that is there counts: a remark that was refused had been seen before.
_ANSWERS = {"EYES": Answered.SEEN, "CONFUSED": Answered.REFUSED, "ROCKET": Answered.DONE}
_SIGNALS = {
    "SUCCESS": Signal.GOOD,
    "NEUTRAL": Signal.GOOD,
    "FAILURE": Signal.BAD,
    "ERROR": Signal.BAD,
    "PENDING": Signal.WAITING,
}
# Whoever merges into a draft has pushed to it; a deletion alone leaves no head behind.
_PUSHES = {"push", "force_push", "branch_creation", "pr_merge", "merge_queue_merge"}


def person(node: Mapping[str, Any] | None) -> Person:
    """Somebody, as REST or GraphQL show them; nobody where the account was deleted."""
    if not node:
        return NOBODY
    login = str(node.get("login") or "")
    if "Bot" in {node.get("__typename"), node.get("type")} and not login.endswith(_BOT):
        login += _BOT  # GraphQL leaves it out
    return Person(login, str(node.get("name") or ""), str(node.get("email") or ""))


def change(
    pull: Mapping[str, Any], me: str, reviews: Iterable[Any], comments: Iterable[Any], arrivals: Iterable[Any]
) -> Change:
    """The change that `pullRequest` of the query `CHANGE` shows; lists are given whole, oldest first."""
    labels = tuple(str(label["name"]) for label in nodes(pull.get("labels")))
    draft = bool(pull.get("isDraft")) or DRAFT_LABEL in labels
    is_merged = pull.get("state") == "MERGED"
    head = str(pull.get("headRefOid") or "")
    written = list(comments)
    ours = [node for node in written if _is_living(node)]
    return Change(
        number=int(pull["number"]),
        title=str(pull.get("title") or ""),
        branch=str(pull.get("headRefName") or ""),
        head=head,
        target=str(pull.get("baseRefName") or ""),
        base=_oid((pull.get("baseRef") or {}).get("target")),
        author=person(pull.get("author")),
        draft=draft,
        open=pull.get("state") == "OPEN",
        foreign=bool(pull.get("isCrossRepository")) or not pull.get("headRepository"),
        # Where somebody pushed the head to the branch, GitHub may name no commit that merged it.
        merged=(_oid(pull.get("mergeCommit")) or head) if is_merged else "",
        merged_by=person(pull.get("mergedBy")) if is_merged else NOBODY,
        proposed_at="" if draft else _proposed_at(pull),
        retargeted_at=max(
            (str(event["createdAt"]) for event in _events(pull, "BaseRefChangedEvent")), default=""
        ),
        queued=bool(pull.get("isInMergeQueue")),
        ejected=_ejection(pull),
        url=str(pull.get("url") or ""),
        labels=labels,
        reviews=tuple(_review(node) for node in reviews if node.get("state") in _OPINIONS),
        remarks=tuple(_remark(node) for node in written if not _is_living(node)),
        arrivals=tuple(arrivals),
        living=_living(ours[0]) if ours else None,
        signal=_signal(pull, me, head),
    )


def issue(found: Mapping[str, Any], comments: Iterable[Any]) -> Issue:
    """The issue that `issue` of the query `ISSUE` shows; comments are given whole, oldest first."""
    written = list(comments)
    ours = [node for node in written if _is_living(node)]
    return Issue(
        number=int(found["number"]),
        url=str(found.get("url") or ""),
        remarks=(_remark(found), *(_remark(node) for node in written if not _is_living(node))),
        living=_living(ours[0]) if ours else None,
    )


def listed_issue(found: Mapping[str, Any]) -> IssueAt:
    """An issue as REST lists it, where pull requests are, too."""
    is_pull, comments = "pull_request" in found, int(found.get("comments", 1))
    asks = not is_pull and may_ask(str(found.get("body") or ""), comments)
    return IssueAt(int(found["number"]), str(found.get("updated_at") or ""), asks)


def nodes(connection: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """The things of a GraphQL connection; those that are not shown to us are left out."""
    return [node for node in (connection or {}).get("nodes") or [] if node]


def listed(pull: Mapping[str, Any]) -> ChangeAt:
    """A change as REST lists it."""
    head, target = pull["head"], pull["base"]
    names = {str(label.get("name")) for label in pull.get("labels") or []}
    source = head.get("repo") or {}
    return ChangeAt(
        int(pull["number"]),
        str(head["ref"]),
        str(head["sha"]),
        str(pull.get("updated_at") or ""),
        draft=bool(pull.get("draft")) or DRAFT_LABEL in names,
        open=pull.get("state") == "open",
        foreign=source.get("id") is None or source["id"] != (target.get("repo") or {}).get("id"),
    )


def arrival(activity: Mapping[str, Any], branch: str) -> Arrival | None:
    """A push to the branch, None for another activity or another branch."""
    if activity.get("activity_type") not in _PUSHES or activity.get("ref") != HEADS + branch:
        return None
    before, after = (str(activity.get(key) or "").replace(_NO_COMMIT, "") for key in ("before", "after"))
    return Arrival(person(activity.get("actor")), str(activity.get("timestamp") or ""), before, after)


def _proposed_at(pull: Mapping[str, Any]) -> str:
    times = [
        str(node["createdAt"])
        for node in nodes(pull.get("timelineItems"))
        if node.get("__typename") == "ReadyForReviewEvent"
        or (node.get("label") or {}).get("name") == DRAFT_LABEL
    ]
    return max(times, default=str(pull.get("createdAt") or ""))


def _events(pull: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [node for node in nodes(pull.get("timelineItems")) if node.get("__typename") == kind]


def _ejection(pull: Mapping[str, Any]) -> Ejection | None:
    found = [
        Ejection(str(event["createdAt"]), str(event.get("reason") or ""))
        for event in _events(pull, "RemovedFromMergeQueueEvent")
    ]
    return max(found, default=None)


def _review(node: Mapping[str, Any]) -> Review:
    return Review(
        str(node.get("fullDatabaseId") or ""),
        person(node.get("author")),
        _OPINIONS[node["state"]],
        _oid(node.get("commit")),
        str(node.get("submittedAt") or ""),
        str(node.get("body") or ""),
    )


def _remark(node: Mapping[str, Any]) -> Remark:
    shown = {group["content"] for group in node.get("reactionGroups") or [] if group.get("viewerHasReacted")}
    answers = [answer for content, answer in _ANSWERS.items() if content in shown]
    return Remark(
        str(node.get("fullDatabaseId") or ""),
        person(node.get("author")),
        str(node.get("body") or ""),
        str(node.get("createdAt") or ""),
        answers[-1] if answers else Answered.NOT_YET,
        edited=bool(node.get("lastEditedAt")),
    )


def _is_living(node: Mapping[str, Any]) -> bool:
    # A person may copy the marker, but not the author.
    return bool(node.get("viewerDidAuthor")) and _text(node).startswith(MARKER)


def _living(node: Mapping[str, Any]) -> Living:
    return Living(str(node.get("fullDatabaseId") or ""), _text(node).removeprefix(MARKER))


def _text(node: Mapping[str, Any]) -> str:
    return str(node.get("body") or "").replace("\r\n", "\n")


def _signal(pull: Mapping[str, Any], me: str, head: str) -> Signal | None:
    """What our own verdict on the head says: anybody who may write can set a status of our name."""
    commits = [node.get("commit") or {} for node in nodes(pull.get("commits"))]
    if not commits or commits[-1].get("oid") != head:
        return None
    commit = commits[-1]
    for suite in nodes(commit.get("checkSuites")):
        if f"{(suite.get('app') or {}).get('slug')}{_BOT}" == me:
            return next((_signal_of_run(run) for run in nodes(suite.get("checkRuns"))), None)
    status = (commit.get("status") or {}).get("context") or {}
    if person(status.get("creator")).login != me:
        return None
    return _SIGNALS.get(str(status.get("state")))


def _signal_of_run(run: Mapping[str, Any]) -> Signal | None:
    if run.get("status") != "COMPLETED":
        return Signal.WAITING
    return _SIGNALS.get(str(run.get("conclusion")))


def _oid(node: Mapping[str, Any] | None) -> str:
    return str((node or {}).get("oid") or "")
