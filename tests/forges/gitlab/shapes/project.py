"""How the API shows a project, its hooks and what it remembers."""

from typing import Any

from tests.forges.git_half import HEADS
from tests.forges.gitlab.people import REPORTER
from tests.forges.gitlab.place import Place, stamp
from tests.forges.gitlab.project import Event, Project
from tests.forges.gitlab.shapes import people
from tests.forges.gitlab.webhooks import EVENTS, Delivery, Hook

Json = dict[str, Any]
ENABLED = (
    "issues",
    "repository",
    "merge_requests",
    "forking",
    "wiki",
    "builds",
    "snippets",
    "pages",
    "analytics",
    "container_registry",
    "releases",
    "environments",
    "feature_flags",
    "infrastructure",
    "monitor",
    "model_experiments",
    "model_registry",
    "requirements",
)
# What is the same of every project here.
USUAL: Json = {
    "packages_enabled": True,
    "resolve_outdated_diff_discussions": False,
    "repository_object_format": "sha1",
    "issues_enabled": True,
    "merge_requests_enabled": True,
    "wiki_enabled": True,
    "jobs_enabled": True,
    "snippets_enabled": True,
    "container_registry_enabled": True,
    "service_desk_enabled": False,
    "service_desk_address": None,
    "can_create_merge_request_in": True,
    "emails_disabled": False,
    "emails_enabled": True,
    "shared_runners_enabled": True,
    "lfs_enabled": True,
    "import_status": "none",
    "import_error": None,
    "build_git_strategy": "fetch",
    "ci_forward_deployment_enabled": True,
    "ci_job_token_scope_enabled": False,
    "keep_latest_artifact": True,
    "restrict_user_defined_variables": True,
    "runners_token": None,
    "security_and_compliance_enabled": True,
    "marked_for_deletion_at": None,
    "marked_for_deletion_on": None,
    "open_issues_count": 0,
    "ci_default_git_depth": 20,
    "ci_config_path": None,
    "public_jobs": True,
    "shared_with_groups": [],
}


def brief(place: Place, held: Project) -> Json:
    """A project as those see it who read no code of it."""
    page = f"{place.web}/{held.full_path}"
    return {
        "id": held.id,
        "description": held.description,
        "name": held.name,
        "name_with_namespace": f"{held.group.full_name} / {held.name}",
        "path": held.path,
        "path_with_namespace": held.full_path,
        "created_at": stamp(held.made),
        "default_branch": held.default_branch,
        "tag_list": [],
        "topics": [],
        "ssh_url_to_repo": f"git@{place.host}:{held.full_path}.git",
        "http_url_to_repo": f"{page}.git",
        "web_url": page,
        "readme_url": f"{page}/-/blob/{held.default_branch}/README.md",
        "forks_count": 0,
        "avatar_url": None,
        "star_count": 0,
        "last_activity_at": stamp(held.active or held.made),
        "visibility": held.visibility,
        "namespace": people.namespace(place, held.group),
    }


def full(place: Place, held: Project, level: int) -> Json:
    """A project as its members see it."""
    if level < REPORTER:
        return brief(place, held)
    settings, url = held.settings, f"{place.api}/projects/{held.id}"
    links = ("issues", "merge_requests", "labels", "events", "members", "cluster_agents")
    return {
        **brief(place, held),
        "_links": {
            "self": url,
            **{name: f"{url}/{name}" for name in links},
            "repo_branches": f"{url}/repository/branches",
        },
        **{f"{name}_access_level": "enabled" for name in ENABLED},
        "security_and_compliance_access_level": "private",
        "container_registry_image_prefix": f"registry.{place.host}/{held.full_path}",
        **USUAL,
        "empty_repo": not held.bare.refs(HEADS),
        "archived": held.archived,
        "creator_id": held.creator.id,
        "only_allow_merge_if_pipeline_succeeds": settings.needs_pipeline,
        "allow_merge_on_skipped_pipeline": None,
        "request_access_enabled": True,
        "only_allow_merge_if_all_discussions_are_resolved": settings.needs_resolved,
        "remove_source_branch_after_merge": settings.removes_source,
        "printing_merge_request_link_enabled": True,
        "merge_method": settings.merge_method,
        "squash_option": settings.squash_option,
        "suggestion_commit_message": None,
        "merge_commit_template": None,
        "squash_commit_template": None,
        "auto_cancel_pending_pipelines": "enabled",
        "build_timeout": 3600,
        "auto_devops_enabled": False,
        "auto_devops_deploy_strategy": "continuous",
        "autoclose_referenced_issues": True,
        "external_authorization_classification_label": "",
        "requirements_enabled": False,
        "compliance_frameworks": [],
        **({"forked_from_project": brief(place, held.parent)} if held.parent else {}),
        **_premium(held),
        "permissions": _permissions(held, level),
    }


def _premium(held: Project) -> Json:
    if not held.settings.is_paid:
        return {}
    trains = held.settings.has_trains
    return {
        "approvals_before_merge": held.settings.approvals,
        "mirror": False,
        "issues_template": None,
        "merge_requests_template": None,
        "merge_pipelines_enabled": trains,
        "merge_trains_enabled": trains,
        "merge_trains_skip_train_allowed": False,
    }


def _permissions(held: Project, level: int) -> Json:
    own = any(each.level == level for each in held.members.values())
    access = {"access_level": level, "notification_level": 3}
    return {"project_access": access if own else None, "group_access": None if own else access}


def hook(held: Hook) -> Json:
    """A hook, without its secrets."""
    more = {name: name in held.events for name in EVENTS.values()}
    other = (
        "confidential_issues",
        "confidential_note",
        "job",
        "deployment",
        "releases",
        "wiki_page",
    )
    return {
        "id": held.id,
        "url": held.url,
        "name": held.name,
        "description": held.description,
        "created_at": stamp(held.made),
        **more,
        **{f"{name}_events": False for name in other},
        "repository_update_events": False,
        "feature_flag_events": False,
        "milestone_events": False,
        "resource_access_token_events": False,
        "vulnerability_events": False,
        "enable_ssl_verification": held.verifies,
        "alert_status": "disabled" if held.is_resting else "executable",
        "disabled_until": None,
        "url_variables": [],
        "push_events_branch_filter": held.branches,
        "branch_filter_strategy": held.strategy,
        "custom_webhook_template": None,
        "custom_headers": [],
        **({"project_id": held.project.id} if held.project else {}),
        **({"group_id": held.group.id} if held.group else {}),
    }


def delivery(held: Delivery) -> Json:
    """One delivery of a hook as GitLab keeps it for some days, with its secrets blacked out."""
    secrets = {"X-Gitlab-Token", "webhook-signature"}
    headers = {key: "[REDACTED]" if key in secrets else text for key, text in held.headers.items()}
    return {
        "id": held.id,
        "url": held.hook.url,
        "trigger": EVENTS[held.event].replace("_events", "_hooks"),
        "request_headers": headers,
        "request_data": held.payload,
        "response_headers": {},
        "response_body": held.said,
        "execution_duration": 0.1,
        "response_status": str(held.code) if held.code else "internal error",
    }


def push_rule(held: Project) -> Json:
    """Push rules, which are Premium: https://docs.gitlab.com/api/project_push_rules/."""
    texts = (
        "commit_message_regex",
        "commit_message_negative_regex",
        "branch_name_regex",
        "author_email_regex",
        "file_name_regex",
    )
    truths = (
        "deny_delete_tag",
        "member_check",
        "prevent_secrets",
        "commit_committer_check",
        "commit_committer_name_check",
        "reject_unsigned_commits",
        "reject_non_dco_commits",
    )
    found = {**dict.fromkeys(texts, ""), **dict.fromkeys(truths, False), "max_file_size": 0}
    times = {"id": held.id, "project_id": held.id, "created_at": stamp(held.made)}
    return {**times, **found, **(held.settings.push_rules or {})}


def event(place: Place, held: Project, event: Event) -> Json:
    """What somebody did; only pushes say of which commits."""
    target = event.target
    title = getattr(target, "title", None)
    kind = "MergeRequest" if title is not None else ("Note" if target else None)
    found = {
        "id": event.id,
        "project_id": held.id,
        "action_name": event.name,
        "target_id": target.id if target else None,
        "target_iid": getattr(target, "iid", target.id if target else None),
        "target_type": kind,
        "author_id": event.author.id,
        "target_title": title,
        "created_at": stamp(event.at),
        "author": people.brief(place, event.author),
        "imported": False,
        "imported_from": "none",
        "author_username": event.author.username,
    }
    return {**found, "push_data": event.push} if event.push else found
