"""Changes looked at: one in full by one query, or all of them as a list tells."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.github.place import Place
from bot.forges.github.queries import CHANGE, ISSUE, OPTIONAL
from bot.forges.github.reading import HEADS, arrival, change, issue, listed, listed_issue, nodes
from bot.forges.github.session import MOST_PAGES
from bot.forges.recent import MOST_PAGES as MOST_RECENT
from bot.forges.recent import reaches_back, worth_a_look
from bot.lifecycle.change import Arrival, Change, ChangeAt
from bot.lifecycle.issue import Issue, IssueAt

MOST_OPEN = 30  # pages of open changes, a hundred on each
MOST_CLOSED = 1  # pages of those that were closed lately


def look(place: Place, number: int) -> Change:
    """Everything about a change, by one query, and the pushes to its branch, by another.

    Of more than a thousand reviews or remarks the newest are read. Raises NotFound.
    """
    pages: dict[str, Mapping[str, Any]] = {"reviews": {}, "comments": {}}
    found: dict[str, list[Mapping[str, Any]]] = {"reviews": [], "comments": []}
    first: Mapping[str, Any] = {}
    me = ""
    for turn in range(MOST_PAGES):
        more = {key: turn == 0 or bool(page.get("hasPreviousPage")) for key, page in pages.items()}
        if not any(more.values()):
            break
        before = {f"{key}Before": page.get("startCursor") for key, page in pages.items()}
        data = place.query(CHANGE, OPTIONAL, number=number, first=turn == 0, **more, **before)
        pull = (data.get("repository") or {}).get("pullRequest")
        if not pull:
            raise NotFound(f"The repository has no pull request {number}.")
        first = first or pull
        me = place.known_as(data.get("viewer"))
        for key in (key for key, wanted in more.items() if wanted):
            found[key] = nodes(pull.get(key)) + found[key]
            pages[key] = (pull.get(key) or {}).get("pageInfo") or {}
    seen = change(first, me, found["reviews"], found["comments"], ())
    if seen.foreign:
        return seen  # the pushes to its branch are another repository's, as are its name and our own branch
    return change(first, me, found["reviews"], found["comments"], arrivals(place, seen.branch))


def look_at_issue(place: Place, number: int) -> Issue:
    """An issue and its newest thousand comments; raises NotFound, for the number of a pull request, too."""
    found: list[Mapping[str, Any]] = []
    first: Mapping[str, Any] = {}
    before: str | None = None
    for _ in range(MOST_PAGES):
        data = place.query(ISSUE, number=number, comments=True, commentsBefore=before)
        shown = (data.get("repository") or {}).get("issue")
        if not shown:
            raise NotFound(f"The repository has no issue {number}.")
        place.known_as(data.get("viewer"))
        first = first or shown
        found = nodes(shown.get("comments")) + found
        page = (shown.get("comments") or {}).get("pageInfo") or {}
        before = page.get("startCursor")
        if not page.get("hasPreviousPage"):
            break
    return issue(first, found)


def recent_issues(place: Place) -> Sequence[IssueAt]:
    """The issues that changed lately, none where we may not see them; a list as it was costs no quota."""
    order: dict[str, Any] = {"state": "all", "sort": "updated", "direction": "desc"}
    path = f"{place.path}/issues"
    try:
        found = place.session.pages(path, listed_issue, most=MOST_RECENT, enough=reaches_back, **order)
    except (NotFound, Refused):
        return ()
    return worth_a_look(found)


def arrivals(place: Place, branch: str) -> Sequence[Arrival]:
    """Every push to a branch that GitHub remembers, oldest first; none where it does not tell."""
    try:
        found: list[Arrival | None] = place.session.pages(
            f"{place.path}/activity",
            lambda activity: arrival(activity, branch),
            ref=HEADS + branch,
            direction="desc",
        )
    except (NotFound, Refused):
        return ()
    return [one for one in reversed(found) if one]


def looks(place: Place) -> Sequence[ChangeAt]:
    """The open changes, and the last hundred that were closed or changed since, by their numbers.

    Lists, and never the search, whose index forgets changes; a page that is as it was costs no quota.
    """
    path = f"{place.path}/pulls"
    order: dict[str, Any] = {"sort": "updated", "direction": "desc"}
    opened: list[ChangeAt] = place.session.pages(path, listed, most=MOST_OPEN, state="open", **order)
    closed: list[ChangeAt] = place.session.pages(path, listed, most=MOST_CLOSED, state="closed", **order)
    # One that was closed between the two lists is in both: the second look at it counts.
    found = {seen.number: seen for seen in opened + closed}
    return [found[number] for number in sorted(found)]


def newest_of(place: Place, branch: str) -> int:
    """The number of the newest change from a branch of this repository, 0 for none.

    An open one into the registered branch comes before those that were closed, or go elsewhere.
    """
    found = _from(place, branch, state="all")
    ranked = ((_is_draft(place, pull), int(pull["number"])) for pull in found)
    return max(ranked, default=(False, 0))[1]


def _is_draft(place: Place, pull: Mapping[str, Any]) -> bool:
    return pull.get("state") == "open" and pull["base"].get("ref") == place.branch


def open_one(place: Place, branch: str, target: str) -> int:
    """The number of the open change from one branch to the other, 0 for none."""
    return max((int(pull["number"]) for pull in _from(place, branch, state="open", base=target)), default=0)


def _from(place: Place, branch: str, **asked: str) -> Sequence[Mapping[str, Any]]:
    order = {"sort": "created", "direction": "desc", "head": f"{place.owner}:{branch}"}
    wanted: dict[str, Any] = {**order, **asked}
    found = place.session.pages(f"{place.path}/pulls", most=1, **wanted)
    seen = ((pull, listed(pull)) for pull in found)
    return [pull for pull, one in seen if one.branch == branch and not one.foreign]
