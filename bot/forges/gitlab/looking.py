"""Changes looked at: one in full by a few requests, or all of them as a list tells."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.history import arrivals
from bot.forges.gitlab.marks import Marks
from bot.forges.gitlab.place import Place, in_path
from bot.forges.gitlab.reading import STATUS, Read, change, is_foreign, listed
from bot.lifecycle.change import Change, ChangeAt

MOST_OPEN = 30  # pages of open changes, a hundred on each
MOST_LATELY = 1  # pages of those that changed last, closed or not
MOST_NOTES = 30  # pages of notes


def look(place: Place, marks: Marks, number: int) -> Change:
    """Everything about a change; raises NotFound. Of more than three thousand notes the newest are read."""
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
            statuses=_statuses(place, str(found.get("sha") or "")),
            base=_tip(place, str(found.get("target_branch") or "")),
        )
    )


def looks(place: Place) -> Sequence[ChangeAt]:
    """The open changes, and the last hundred that changed, closed or not, by their numbers."""
    path = f"{place.path}/merge_requests"
    order = {"order_by": "updated_at", "sort": "desc", "scope": "all"}
    opened = place.session.pages(path, most=MOST_OPEN, state="opened", **order)
    lately = place.session.pages(path, most=MOST_LATELY, state="all", **order)
    # One that was closed between the two lists is in both: the second look at it counts.
    found = {seen.number: seen for seen in map(listed, opened + lately)}
    return [found[number] for number in sorted(found)]


def newest_of(place: Place, branch: str) -> int:
    """The number of the newest change from a branch of this project, 0 for none."""
    return max((seen.number for seen in _from(place, branch, state="all")), default=0)


def open_one(place: Place, branch: str, target: str) -> int:
    """The number of the open change from one branch to the other, 0 for none."""
    found = _from(place, branch, state="opened", target_branch=target)
    return max((seen.number for seen in found), default=0)


def _from(place: Place, branch: str, **asked: str) -> Sequence[ChangeAt]:
    order = {"order_by": "created_at", "sort": "desc", "scope": "all"}
    path = f"{place.path}/merge_requests"
    found = place.session.pages(path, most=1, source_branch=branch, **order, **asked)
    return [seen for seen in map(listed, found) if seen.branch == branch and not seen.foreign]


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
