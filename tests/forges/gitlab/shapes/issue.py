"""Issues, as the API and webhooks show them."""

from typing import Any

from tests.forges.gitlab.issue import Issue
from tests.forges.gitlab.place import Place, stamp, told
from tests.forges.gitlab.shapes import people
from tests.forges.gitlab.shapes.merge_request import TIMES

Json = dict[str, Any]


def full(place: Place, held: Issue) -> Json:
    """An issue; when its text was changed is not told here."""
    full_path = held.target.full_path
    short, api = f"#{held.iid}", f"{place.api}/projects/{held.target.id}"
    return {
        "id": held.id,
        "iid": held.iid,
        "project_id": held.target.id,
        "title": held.title,
        "description": held.description,
        "state": "opened",
        "created_at": stamp(held.made),
        "updated_at": stamp(held.updated),
        "closed_at": None,
        "closed_by": None,
        "labels": [],
        "milestone": None,
        "assignees": [],
        "author": people.brief(place, held.author),
        "assignee": None,
        "user_notes_count": sum(not each.system for each in held.notes.values()),
        "merge_requests_count": 0,
        "blocking_issues_count": 0,
        "health_status": None,
        "upvotes": 0,
        "downvotes": 0,
        "due_date": None,
        "confidential": False,
        "discussion_locked": None,
        "web_url": f"{place.web}/{held.path}",
        "time_stats": TIMES,
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_tasks": False,
        "_links": {
            "self": f"{api}/issues/{held.iid}",
            "notes": f"{api}/issues/{held.iid}/notes",
            "award_emoji": f"{api}/issues/{held.iid}/award_emoji",
            "project": api,
        },
        "references": {"short": short, "relative": short, "full": f"{full_path}{short}"},
        "subscribed": True,
        "moved_to_id": None,
        "weight": None,
    }


def hook(place: Place, held: Issue) -> Json:
    """What webhooks show of an issue."""
    return {
        "assignee_id": None,
        "author_id": held.author.id,
        "closed_at": None,
        "confidential": False,
        "created_at": told(held.made),
        "description": held.description,
        "discussion_locked": None,
        "due_date": None,
        "id": held.id,
        "iid": held.iid,
        "last_edited_at": told(held.edited) if held.edited else None,
        "last_edited_by_id": held.edited_by.id if held.edited_by else None,
        "milestone_id": None,
        "moved_to_id": None,
        "duplicated_to_id": None,
        "relative_position": 513,
        "weight": None,
        "project_id": held.target.id,
        "state_id": 1,
        "time_estimate": 0,
        "title": held.title,
        "updated_at": told(held.updated),
        "updated_by_id": held.edited_by.id if held.edited_by else None,
        "url": f"{place.web}/{held.path}",
        "total_time_spent": 0,
        "human_total_time_spent": None,
        "human_time_estimate": None,
        "assignee_ids": [],
        "labels": [],
        "state": "opened",
    }
