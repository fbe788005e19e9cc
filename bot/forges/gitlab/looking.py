"""Changes looked at: one in full by a few requests, or all of them as a list tells."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.history import arrivals
from bot.forges.gitlab.marks import ISSUE, Marks
from bot.forges.gitlab.place import Place, in_path
from bot.forges.gitlab.reading import STATUS, Read, change, is_foreign, issue, listed, listed_issue
from bot.forges.recent import MOST_PAGES as MOST_RECENT
from bot.forges.recent import reaches_back, worth_a_look
from bot.lifecycle.change import Answered, Change, ChangeAt
from bot.lifecycle.issue import Issue, IssueAt
from bot.lifecycle.remark import read_remark

MOST_OPEN = 30  # pages of open changes, a hundred on each
MOST_LATELY = 1  # pages of those that changed last, closed or not
MOST_NOTES = 30  # pages of notes


def look(place: Place, marks: Marks, number: int, *, trains: bool = False) -> Change:
    """Everything about a change; raises NotFound. Of more than three thousand notes the newest are read.

    `trains` says that the project has merge trains, so that it may stand on one.
    """
    me = place.ensure_me()
    path = place.change(number)
    try:
        found: Mapping[str, Any] = place.session.get(path).body
    except NotFound:
        raise NotFound(
            f"The project has no merge request {number}, or does not show it to portico."
        ) from None
    notes = place.session.pages(f"{path}/notes", most=MOST_NOTES, order_by="created_at", sort="desc")
    notes.reverse()
    if is_foreign(found):
        # The pushes to its branch are another project's, as are its name and our own branch.
        return change(Read(merge_request=found, me=me, notes=notes))
    answered, edited = marks.of(number, notes, me)
    return change(
        Read(
            merge_request=found,
            me=me,
            notes=notes,
            marks=answered,
            edited=edited,
            approvals=(place.session.find(f"{path}/approvals") or {}).get("approved_by") or (),
            reviewers=_reviewers(place, path, notes),
            arrivals=arrivals(place, found),
            statuses=_statuses(place, str(found.get("sha") or "")) if listed(found).open else (),
            train=(place.session.find(place.train(number)) or {}) if trains else {},
            base=_tip(place, str(found.get("target_branch") or "")),
        )
    )


def look_at_issue(place: Place, marks: Marks, number: int) -> Issue:
    """An issue and its newest three thousand notes; raises NotFound."""
    me, path = place.ensure_me(), place.issue(number)
    try:
        found: Mapping[str, Any] = place.session.get(path).body
    except NotFound:
        raise NotFound(f"The project has no issue {number}, or does not show it to portico.") from None
    notes = place.session.pages(f"{path}/notes", most=MOST_NOTES, order_by="created_at", sort="desc")
    notes.reverse()
    said = read_remark(str(found.get("description") or ""))
    mark = marks.on_issue(number, me) if said else Answered.NOT_YET
    answered, edited = marks.of(number, notes, me, ISSUE)
    return issue(Read(merge_request=found, me=me, notes=notes, marks=answered, edited=edited), mark)


def recent_issues(place: Place) -> Sequence[IssueAt]:
    """The issues that changed lately, by one list; none where it is not shown to us."""
    order: dict[str, Any] = {"order_by": "updated_at", "sort": "desc", "scope": "all"}
    try:
        found = place.session.pages(
            f"{place.path}/issues",
            most=MOST_RECENT,
            enough=lambda first, last: reaches_back(listed_issue(first), listed_issue(last)),
            **order,
        )
    except (NotFound, Refused):
        return ()
    return worth_a_look([listed_issue(one) for one in found])


def looks(place: Place) -> Sequence[ChangeAt]:
    """The open changes, and the last hundred that changed, closed or not, by their numbers."""
    path = f"{place.path}/merge_requests"
    order: dict[str, Any] = {"order_by": "updated_at", "sort": "desc", "scope": "all"}
    opened = place.session.pages(path, most=MOST_OPEN, state="opened", **order)
    lately = place.session.pages(path, most=MOST_LATELY, state="all", **order)
    # One that was closed between the two lists is in both: the second look at it counts.
    found = {seen.number: seen for seen in map(listed, opened + lately)}
    return [found[number] for number in sorted(found)]


def newest_of(place: Place, branch: str) -> int:
    """The number of the newest change from a branch of this project, 0 for none.

    An open one into the registered branch comes before those that were closed, or go elsewhere.
    """
    found = _from(place, branch, state="all")
    ranked = ((_is_draft(place, request), int(request["iid"])) for request in found)
    return max(ranked, default=(False, 0))[1]


def _is_draft(place: Place, request: Mapping[str, Any]) -> bool:
    return listed(request).open and request.get("target_branch") == place.branch


def open_one(place: Place, branch: str, target: str) -> int:
    """The number of the open change from one branch to the other, 0 for none."""
    found = _from(place, branch, state="opened", target_branch=target)
    return max((int(request["iid"]) for request in found), default=0)


def _from(place: Place, branch: str, **asked: str) -> Sequence[Mapping[str, Any]]:
    order = {"order_by": "created_at", "sort": "desc", "scope": "all", "source_branch": branch}
    wanted: dict[str, Any] = {**order, **asked}
    found = place.session.pages(f"{place.path}/merge_requests", most=1, **wanted)
    seen = ((request, listed(request)) for request in found)
    return [request for request, one in seen if one.branch == branch and not one.foreign]


def _reviewers(place: Place, path: str, notes: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """What reviewers say now; asked for only where one of them has ever asked for changes."""
    asked = any(note.get("system") and "requested changes" in str(note.get("body")) for note in notes)
    return place.session.find(f"{path}/reviewers") or () if asked else ()


def _tip(place: Place, branch: str) -> str:
    """The commit at which a branch stands, '' for one that is not there: a merge request does not tell."""
    found = place.session.find(f"{place.path}/repository/branches/{in_path(branch)}") if branch else None
    return str(((found or {}).get("commit") or {}).get("id") or "")


def _statuses(place: Place, head: str) -> Sequence[Mapping[str, Any]]:
    if not head:
        return ()
    try:
        return place.session.pages(
            f"{place.path}/repository/commits/{in_path(head)}/statuses", most=1, name=STATUS, all=True
        )
    except (NotFound, Refused):
        return ()
