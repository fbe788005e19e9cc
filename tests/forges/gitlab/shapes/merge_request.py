"""How the API shows merge requests, approvals, notes and cars of a train."""

from typing import Any

from tests.forges.gitlab import mergeability
from tests.forges.gitlab.approval_rule import ApprovalRule
from tests.forges.gitlab.issue import Noteable, kind
from tests.forges.gitlab.merge_request import MergeRequest, Version
from tests.forges.gitlab.note import Award, Note
from tests.forges.gitlab.people import User
from tests.forges.gitlab.place import Place, maybe, stamp
from tests.forges.gitlab.shapes import people, repository

Json = dict[str, Any]
TIMES: Json = {
    "time_estimate": 0,
    "total_time_spent": 0,
    "human_time_estimate": None,
    "human_total_time_spent": None,
}


def listed(place: Place, held: MergeRequest) -> Json:
    """A merge request in a list, where nobody looks whether it can be merged."""
    short, full = f"!{held.iid}", f"{held.target.full_path}!{held.iid}"
    is_auto = held.auto_merge is not None
    return {
        "id": held.id,
        "iid": held.iid,
        "project_id": held.target.id,
        "title": held.title,
        "description": held.description,
        "state": held.state,
        "created_at": stamp(held.made),
        "updated_at": stamp(held.updated),
        "merged_by": people.maybe_brief(place, held.merged_by),
        "merge_user": people.maybe_brief(place, held.merged_by or held.auto_merge),
        "merged_at": maybe(held.merged),
        "closed_by": people.maybe_brief(place, held.closed_by),
        "closed_at": maybe(held.closed),
        **_sides(held),
        "user_notes_count": sum(not each.system for each in held.notes.values()),
        "upvotes": sum(each.name == "thumbsup" for each in held.awards),
        "downvotes": sum(each.name == "thumbsdown" for each in held.awards),
        "author": people.brief(place, held.author),
        "assignees": [people.brief(place, each) for each in held.assignees],
        "assignee": people.maybe_brief(place, held.assignees[0] if held.assignees else None),
        "reviewers": [people.brief(place, each) for each in held.reviewers],
        "labels": held.labels,
        "draft": held.is_draft,
        "imported": False,
        "imported_from": "none",
        "work_in_progress": held.is_draft,
        "milestone": None,
        "merge_when_pipeline_succeeds": is_auto,
        "merge_status": mergeability.old_word(held),
        "detailed_merge_status": mergeability.peek(held),
        "merge_after": None,
        "discussion_locked": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": held.removes_source,
        "prepared_at": maybe(held.prepared),
        "allow_collaboration": False,
        "allow_maintainer_to_push": False,
        "reference": short,
        "references": {"short": short, "relative": short, "full": full},
        "web_url": f"{place.web}/{held.path}",
        "time_stats": TIMES,
        "squash": held.squash,
        "squash_on_merge": mergeability.squashes(held),
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_conflicts": mergeability.is_known(held) and mergeability.is_conflicting(held),
        "blocking_discussions_resolved": held.unresolved == 0,
        "approvals_before_merge": None,
    }


def _sides(held: MergeRequest) -> Json:
    """What comes from where and goes whither, and what came of it."""
    return {
        "target_branch": held.target_branch,
        "source_branch": held.source_branch,
        "source_project_id": held.source_id,
        "target_project_id": held.target.id,
        "sha": held.head or None,
        "merge_commit_sha": held.merge_commit,
        "squash_commit_sha": held.squash_commit,
    }


def full(place: Place, held: MergeRequest, status: str, *, may_merge: bool) -> Json:
    """A merge request that is asked for alone; `status` is what was found out about it."""
    version = held.version
    head = (
        {"base_sha": version.base, "head_sha": version.head, "start_sha": version.start} if version else None
    )
    pipeline = None
    if (held.head, held.source_branch) in held.target.pipelines:
        pipeline = repository.pipeline(place, held.target, held.head, held.source_branch)
    return {
        **listed(place, held),
        "detailed_merge_status": status,
        "subscribed": True,
        "changes_count": str(len(mergeability.touched(held))) if version else None,
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": pipeline,
        "head_pipeline": {**pipeline, **_pipeline_details(place, held, pipeline["status"])}
        if pipeline
        else None,
        "diff_refs": head,
        "merge_error": held.merge_error,
        "first_contribution": False,
        "user": {"can_merge": may_merge},
    }


def _pipeline_details(place: Place, held: MergeRequest, word: str) -> Json:
    return {
        "before_sha": "0" * 40,
        "tag": False,
        "yaml_errors": None,
        "user": people.brief(place, held.author),
        "started_at": None,
        "finished_at": None,
        "committed_at": None,
        "duration": None,
        "queued_duration": None,
        "coverage": None,
        "detailed_status": {
            "icon": f"status_{word}",
            "text": word,
            "label": word,
            "group": word,
            "tooltip": word,
            "has_details": False,
            "details_path": None,
            "illustration": None,
            "favicon": f"{place.web}/assets/ci_favicons/favicon_status_{word}.png",
        },
    }


def approvals(place: Place, held: MergeRequest, user: User, level: int) -> Json:
    """Who approves; no commit is named, and less is said where Premium is not paid for."""
    settings = held.target.settings
    given: list[Json] = [{"user": people.brief(place, each.user)} for each in held.approvals]
    if settings.shows_approved_at:
        given = [
            {**one, "approved_at": stamp(each.at)} for one, each in zip(given, held.approvals, strict=True)
        ]
    has = any(each.user is user for each in held.approvals)
    found = {
        "user_has_approved": has,
        "user_can_approve": not has and mergeability.may_approve(held, user, level),
        "approved": mergeability.is_approved(held),
        "approved_by": given,
    }
    if not settings.is_paid:
        return found
    return {
        "id": held.id,
        "iid": held.iid,
        "project_id": held.target.id,
        "title": held.title,
        "description": held.description,
        "state": held.state,
        "created_at": stamp(held.made),
        "updated_at": stamp(held.updated),
        "merge_status": mergeability.old_word(held),
        "approvals_required": settings.approvals,
        "approvals_left": max(0, settings.approvals - len(held.approvals)),
        "require_password_to_approve": False,
        "suggested_approvers": [],
        "approvers": [],
        "approver_groups": [],
        "approval_rules_left": [],
        "has_approval_rules": settings.approvals > 0,
        "merge_request_approvers_available": True,
        "multiple_approval_rules_available": True,
        "invalid_approvers_rules": [],
        **found,
    }


def approval_rule(place: Place, held: ApprovalRule) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "rule_type": "regular",
        "report_type": None,
        "eligible_approvers": [people.brief(place, each) for each in held.eligible()],
        "approvals_required": held.count,
        "users": [people.brief(place, each) for each in held.users],
        "contains_hidden_groups": False,
        "groups": [people.group(place, each) for each in held.groups],
        "protected_branches": [],
        "applies_to_all_protected_branches": False,
    }


def note(place: Place, held: Noteable, note: Note, changes: Json | None = None) -> Json:
    return {
        "id": note.id,
        "type": note.kind,
        "body": note.body,
        "attachment": None,
        "author": people.brief(place, note.user),
        "created_at": stamp(note.made),
        "updated_at": stamp(note.updated),
        "system": note.system,
        "noteable_id": held.id,
        "noteable_type": kind(held),
        "project_id": held.target.id,
        **_resolved(place, held, note),
        "confidential": note.internal,
        "internal": note.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": held.iid,
        "commands_changes": changes or {},
    }


def _resolved(place: Place, held: Noteable, note: Note) -> Json:
    """Whether a thread is resolved, which those beneath merge requests alone can be."""
    if not note.thread or not isinstance(held, MergeRequest):
        return {"resolvable": False}
    by = people.maybe_brief(place, note.resolved_by)
    return {"resolvable": True, "resolved": by is not None, "resolved_by": by}


def discussion(place: Place, held: Noteable, notes: list[Note]) -> Json:
    """What was said in a thread, or a note that stands alone."""
    shown = [note(place, held, each) for each in notes]
    return {"id": notes[0].discussion, "individual_note": not notes[0].thread, "notes": shown}


def award(place: Place, held: Award, awardable: Noteable | Note) -> Json:
    return {
        "id": held.id,
        "name": held.name,
        "user": people.brief(place, held.user),
        "created_at": stamp(held.made),
        "updated_at": stamp(held.made),
        "awardable_id": awardable.id,
        "awardable_type": "Note" if isinstance(awardable, Note) else kind(awardable),
        "url": None,
    }


def version(held: MergeRequest, version: Version) -> Json:
    return {
        "id": version.id,
        "head_commit_sha": version.head,
        "base_commit_sha": version.base,
        "start_commit_sha": version.start,
        "created_at": stamp(version.at),
        "merge_request_id": held.id,
        "state": "collected",
        "real_size": str(len(held.target.bare.touched(version.base, version.head))),
        "patch_id_sha": mergeability.patch_id(held, version),
    }


def car(place: Place, held: MergeRequest) -> Json:
    assert held.train is not None
    brief = (
        "id",
        "iid",
        "project_id",
        "title",
        "description",
        "state",
        "created_at",
        "updated_at",
        "web_url",
    )
    shown = listed(place, held)
    return {
        "id": held.train["id"],
        "merge_request": {key: shown[key] for key in brief},
        "user": people.brief(place, held.train["user"]),
        "pipeline": None,
        "created_at": stamp(held.train["made"]),
        "updated_at": stamp(held.train["updated"]),
        "target_branch": held.target_branch,
        "status": held.train["status"],
        "merged_at": maybe(held.merged),
        "duration": 0,
    }
