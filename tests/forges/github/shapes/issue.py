"""Issues as GitHub writes them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.github.issue import Issue
from tests.forges.github.place import Place
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import pull
from tests.forges.github.shapes import repository as shape
from tests.forges.github.shapes.people import app, user

Json = dict[str, Any]


def numbered(place: Place, held: Repository, number: int) -> Json:
    """The issue of a number, which may be a pull request."""
    if number in held.issues:
        return issue(place, held, held.issues[number])
    return pull.issue(place, held.pull(number))


def issue(place: Place, held: Repository, each: Issue) -> Json:
    url = f"{shape.url(place, held)}/issues/{each.number}"
    return {
        "url": url,
        "repository_url": shape.url(place, held),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": f"{place.web}/{held.full_name}/issues/{each.number}",
        "id": each.id,
        "node_id": place.node("I", each.id),
        "number": each.number,
        "title": each.title,
        "user": user(place, each.user),
        "labels": [],
        "state": "open",
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(held.comments_on(each.number)),
        "created_at": stamp(each.created),
        "updated_at": stamp(each.updated),
        "closed_at": None,
        "author_association": held.association(each.user),
        "active_lock_reason": None,
        "draft": False,
        "body": each.body,
        "closed_by": None,
        "reactions": pull.rollup(f"{url}/reactions", each.reactions),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": app(place, each.app) if each.app else None,
        "state_reason": None,
    }
