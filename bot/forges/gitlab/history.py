"""The heads that a change's branch has had: the pushes of which GitLab tells, and what it keeps of changes.

Approvals carry no commit, so this is what says of which one they are. Events name who pushed, but a push of
many branches at once leaves none for each; versions are kept with the change for good, and name nobody.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.errors import NotFound, Refused
from bot.forges.gitlab.place import Place
from bot.forges.gitlab.reading import arrival, commit, moment
from bot.forges.gitlab.session import MOST_PAGES, PAGE
from bot.lifecycle.change import NOBODY, Arrival


def arrivals(place: Place, found: Mapping[str, Any]) -> Sequence[Arrival]:
    """Every push to a merge request, oldest first; by nobody where GitLab does not say whose."""
    pushes = _pushes(place, str(found.get("source_branch") or ""), moment(found.get("created_at")))
    known = {push.after for push in pushes}
    kept = _versions(place, int(found["iid"]))
    whole = sorted([*pushes, *(push for push in kept if push.after not in known)], key=lambda push: push.at)
    head = commit(found.get("sha"))
    if kept and kept[-1].after == head and (not whole or whole[-1].after != head):
        whole.append(kept[-1])  # it came back to a head that it had before
    return _chained(whole)


def _pushes(place: Place, branch: str, opened: str) -> list[Arrival]:
    """The events of a branch, oldest first, back to its creation before the change was opened."""
    found: list[Arrival] = []
    for page in range(1, MOST_PAGES + 1):
        try:
            events = place.session.get(
                f"{place.path}/events", action="pushed", sort="desc", per_page=PAGE, page=page
            ).body
        except (NotFound, Refused):
            break
        came = [push for event in events or () if (push := arrival(event, branch))]
        found += came
        if len(events or ()) < PAGE or any(not push.before and push.at <= opened for push in came):
            break
    found.reverse()
    return found


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
            push._replace(before=last.after) if push.by is NOBODY and not push.before else push
            for last, push in pairwise(pushes)
        ),
    ]
