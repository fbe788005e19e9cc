"""The heads that a change's branch has had: the pushes of which GitLab tells, and what it keeps of changes.

Approvals carry no commit, so this is what says of which one they are. Events name who pushed, but come a
moment later than the commit, and a push of many branches at once leaves one for all; versions are kept with
the change for good, and name nobody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise
from typing import Any, NamedTuple

from bot.errors import NotFound, Refused
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.reading import arrival, commit, moment, person
from bot.forges.gitlab.session import MOST_PAGES, PAGE
from bot.lifecycle.change import NOBODY, Arrival
from bot.lifecycle.person import Person

LATE_SECONDS = 3_600  # after which an event that did not come never will
_NEVER = "9999"  # comes after every time
NEAR_SECONDS = 600  # within which a push of many branches may have been that of a head


class _Record(NamedTuple):
    """What events tell: the pushes to a branch, those of many branches, and when GitLab told it.

    `now` is '' where GitLab does not say, and tells nobody of any event.
    """

    pushes: Sequence[Arrival] = ()
    of_many: Sequence[tuple[Person, str]] = ()
    now: str = ""


def arrivals(place: Place, found: Mapping[str, Any]) -> Sequence[Arrival]:
    """Every push to a merge request, oldest first; by nobody where GitLab will never say whose.

    A head whose pusher is not known yet is left out.
    """
    record = _recorded(place, str(found.get("source_branch") or ""), moment(found.get("created_at")))
    known = {push.after for push in record.pushes}
    kept = _versions(place, int(found["iid"]))
    missing = [named for push in kept if push.after not in known for named in _named(push, record)]
    whole = sorted([*record.pushes, *missing], key=lambda push: push.at)
    head = commit(found.get("sha"))
    if kept and kept[-1].after == head and (not whole or whole[-1].after != head):
        whole += _named(kept[-1], record)  # it came back to a head that it had before
    return _chained(whole)


def pushes(place: Place, branch: str) -> Sequence[Arrival]:
    """The pushes to a branch since it was created last, oldest first, as far as events tell of them."""
    return _recorded(place, branch, _NEVER).pushes


def _named(push: Arrival, record: _Record) -> list[Arrival]:
    """A push that no event names, by everybody who may have made it."""
    near = [by for by, at in record.of_many if abs(_seconds(push.at, at)) <= NEAR_SECONDS]
    if near:
        return [push._replace(by=by) for by in dict.fromkeys(near)]
    if record.now and _seconds(push.at, record.now) < LATE_SECONDS:
        return []
    return [push]


def _seconds(before: str, after: str) -> float:
    return (datetime.fromisoformat(after) - datetime.fromisoformat(before)).total_seconds()


def _recorded(place: Place, branch: str, opened: str) -> _Record:
    """The events of a branch, oldest first, back to its creation before the change was opened."""
    found: list[Arrival] = []
    of_many: list[tuple[Person, str]] = []
    now = ""
    for page in range(1, MOST_PAGES + 1):
        try:
            answer = place.session.get(
                f"{place.path}/events", action="pushed", sort="desc", per_page=PAGE, page=page
            )
        except (NotFound, Refused):
            break
        now = now or _now(answer.headers)
        events: Sequence[Mapping[str, Any]] = answer.body or ()
        came = [push for event in events if (push := arrival(event, branch))]
        found += came
        of_many += [
            (person(event.get("author")), at)
            for event in events
            if _is_of_many(event) and (at := moment(event.get("created_at")))
        ]
        if len(events) < PAGE or any(not push.before and push.at <= opened for push in came):
            break
    return _Record(found[::-1], of_many, now)


def _is_of_many(event: Mapping[str, Any]) -> bool:
    pushed = event.get("push_data") or {}
    return pushed.get("ref_type") == "branch" and not pushed.get("ref") and bool(pushed.get("ref_count"))


def _now(headers: Mapping[str, str]) -> str:
    """GitLab's own clock as it answered."""
    try:
        return moment(parsedate_to_datetime(headers.get("date", "")).isoformat())
    except (TypeError, ValueError):
        return ""


def _versions(place: Place, number: int) -> list[Arrival]:
    try:
        found = place.session.pages(f"{place.change(number)}/versions")
    except (NotFound, Refused):
        return []
    kept = [
        Arrival(NOBODY, moment(version.get("created_at")), "", commit(version.get("head_commit_sha")))
        for version in found
    ]
    return sorted((push for push in kept if push.at and push.after), key=lambda push: push.at)


def _chained(pushes: list[Arrival]) -> list[Arrival]:
    """A head that is only known by itself came after the one that was known before it."""
    if not pushes:
        return []
    return [
        pushes[0],
        *(
            push if push.before or push.after == last.after else push._replace(before=last.after)
            for last, push in pairwise(pushes)
        ),
    ]
