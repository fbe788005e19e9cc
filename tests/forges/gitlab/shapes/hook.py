"""How webhooks show things: other keys than the API's, and moments written in another way."""

from datetime import UTC, datetime
from typing import Any

from tests.forges.gitlab import mergeability
from tests.forges.gitlab.issue import Noteable, kind
from tests.forges.gitlab.merge_request import STATE_IDS, MergeRequest
from tests.forges.gitlab.note import Note
from tests.forges.gitlab.people import User
from tests.forges.gitlab.place import Place, told
from tests.forges.gitlab.project import VISIBILITIES, Project
from tests.forges.gitlab.shapes import people

Json = dict[str, Any]


def user(held: User) -> Json:
    """Somebody; the address is never told."""
    return {
        "id": held.id,
        "name": held.name,
        "username": held.username,
        "avatar_url": people.avatar(held),
        "email": "[REDACTED]",
    }


def project(place: Place, held: Project) -> Json:
    page = f"{place.web}/{held.full_path}"
    ssh = f"git@{place.host}:{held.full_path}.git"
    return {
        "id": held.id,
        "name": held.name,
        "description": None,
        "web_url": page,
        "avatar_url": None,
        "git_ssh_url": ssh,
        "git_http_url": f"{page}.git",
        "namespace": held.group.name,
        "visibility_level": VISIBILITIES[held.visibility],
        "path_with_namespace": held.full_path,
        "default_branch": held.default_branch,
        "ci_config_path": None,
        "homepage": page,
        "url": ssh,
        "ssh_url": ssh,
        "http_url": f"{page}.git",
    }


def repository(place: Place, held: Project) -> Json:
    shown = project(place, held)
    return {key: shown[key] for key in ("name", "url", "description", "homepage")}


def commit(place: Place, held: Project, sha: str) -> Json:
    found = held.bare.commit(sha)
    moment = datetime.fromtimestamp(found.committer.time, UTC)
    return {
        "id": sha,
        "message": found.message,
        "title": found.message.partition("\n")[0],
        "timestamp": moment.isoformat(),
        "url": f"{place.web}/{held.full_path}/-/commit/{sha}",
        "author": {"name": found.author.name, "email": found.author.email},
    }


def pushed_commit(place: Place, held: Project, sha: str) -> Json:
    """A commit with the files that it touched, as a push tells it."""
    parents = held.bare.commit(sha).parent_ids
    files = held.bare.touched(str(parents[0]) if parents else "", sha)
    return {
        **commit(place, held, sha),
        "added": [each.path for each in files if each.status == "added"],
        "modified": [each.path for each in files if each.status in {"modified", "renamed"}],
        "removed": [each.path for each in files if each.status == "removed"],
    }


def merge_request(place: Place, held: MergeRequest) -> Json:
    """A merge request; `last_commit` is its head, at the time of the event."""
    source = held.source or held.target
    return {
        "assignee_id": held.assignees[0].id if held.assignees else None,
        "author_id": held.author.id,
        "created_at": told(held.made),
        "description": held.description,
        "draft": held.is_draft,
        "head_pipeline_id": held.target.pipelines.get((held.head, held.source_branch)),
        "id": held.id,
        "iid": held.iid,
        "last_edited_at": told(held.edited) if held.edited else None,
        "last_edited_by_id": held.edited_by.id if held.edited_by else None,
        "merge_commit_sha": held.merge_commit,
        "merge_error": held.merge_error,
        "merge_params": {"force_remove_source_branch": "1" if held.removes_source else "0"},
        "merge_status": mergeability.old_word(held),
        "merge_user_id": getattr(held.merged_by or held.auto_merge, "id", None),
        "merge_when_pipeline_succeeds": held.auto_merge is not None,
        "milestone_id": None,
        "source_branch": held.source_branch,
        "source_project_id": held.source_id,
        "state_id": STATE_IDS[held.state],
        "target_branch": held.target_branch,
        "target_project_id": held.target.id,
        "time_estimate": 0,
        "title": held.title,
        "updated_at": told(held.updated),
        "updated_by_id": held.updated_by.id if held.updated_by else None,
        "prepared_at": told(held.prepared) if held.prepared else None,
        "assignee_ids": [each.id for each in held.assignees],
        "blocking_discussions_resolved": held.unresolved == 0,
        "detailed_merge_status": mergeability.peek(held),
        "first_contribution": False,
        "human_time_change": None,
        "human_time_estimate": None,
        "human_total_time_spent": None,
        "labels": [],
        "last_commit": commit(place, held.target, held.head) if held.head else None,
        "reviewer_ids": [each.id for each in held.reviewers],
        "source": project(place, source),
        "state": held.state,
        "target": project(place, held.target),
        "time_change": 0,
        "total_time_spent": 0,
        "url": f"{place.web}/{held.path}",
        "work_in_progress": held.is_draft,
    }


def note(place: Place, held: Noteable, note: Note) -> Json:
    return {
        "attachment": None,
        "author_id": note.user.id,
        "change_position": None,
        "commit_id": None,
        "created_at": told(note.made),
        "discussion_id": note.discussion,
        "id": note.id,
        "internal": note.internal,
        "line_code": None,
        "note": note.body,
        "noteable_id": held.id,
        "noteable_type": kind(held),
        "original_position": None,
        "position": None,
        "project_id": held.target.id,
        "resolved_at": None,
        "resolved_by_id": None,
        "resolved_by_push": None,
        "st_diff": None,
        "system": note.system,
        "type": note.kind,
        "updated_at": told(note.updated),
        "updated_by_id": note.edited_by.id if note.edited_by else None,
        "description": note.body,
        "url": f"{place.web}/{held.path}#note_{note.id}",
    }
