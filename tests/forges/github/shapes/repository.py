"""A repository, its branches, rules and activities as GitHub writes them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.git_half import HEADS, TAGS
from tests.forges.github.people import Organization, least
from tests.forges.github.place import Place
from tests.forges.github.repository import Activity, Repository
from tests.forges.github.rules import Protection, Ruleset
from tests.forges.github.shapes.people import user

Json = dict[str, Any]
ROOMS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
# What may be demanded of a branch, and is not here.
NEVER = (
    "allow_fork_syncing",
    "block_creations",
    "lock_branch",
    "required_conversation_resolution",
    "required_linear_history",
)
ZEROES = ("stargazers_count", "watchers_count", "forks_count", "forks", "watchers", "size")


def url(place: Place, held: Repository) -> str:
    return f"{place.api}/repos/{held.full_name}"


def minimal(place: Place, held: Repository) -> Json:
    """A repository in few words."""
    return {
        "id": held.id,
        "node_id": place.node("R", held.id),
        "name": held.name,
        "full_name": held.full_name,
        "private": held.private,
        "owner": user(place, held.owner),
        "html_url": f"{place.web}/{held.full_name}",
        "description": held.description,
        "fork": held.parent is not None,
        "url": url(place, held),
        **{key: url(place, held) + room for key, room in ROOMS.items()},
    }


def repository(place: Place, held: Repository) -> Json:
    """A repository as it stands within other things."""
    host = place.web.partition("://")[2]
    count = sum(pull.is_open for pull in held.pulls.values())
    return {
        **minimal(place, held),
        "created_at": stamp(held.made),
        "updated_at": stamp(held.pushed or held.made),
        "pushed_at": stamp(held.pushed or held.made),
        "git_url": f"git://{host}/{held.full_name}.git",
        "ssh_url": f"git@{host}:{held.full_name}.git",
        "clone_url": f"{place.web}/{held.full_name}.git",
        "svn_url": f"{place.web}/{held.full_name}",
        "homepage": None,
        **dict.fromkeys(ZEROES, 0),
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "mirror_url": None,
        "archived": held.archived,
        "disabled": False,
        "open_issues_count": count,
        "open_issues": count,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if held.private else "public",
        "default_branch": held.default_branch,
    }


def full(place: Place, held: Repository, role: str) -> Json:
    """A repository's own page; how it merges is told to those who may write."""
    found = {
        **repository(place, held),
        "network_count": 0,
        "subscribers_count": 0,
        "permissions": permissions(role),
        "custom_properties": {},
    }
    if least(role, "write"):
        settings = held.settings
        found |= {
            "allow_squash_merge": settings.allow_squash_merge,
            "allow_merge_commit": settings.allow_merge_commit,
            "allow_rebase_merge": settings.allow_rebase_merge,
            "allow_auto_merge": settings.allow_auto_merge,
            "allow_update_branch": settings.allow_update_branch,
            "delete_branch_on_merge": settings.delete_branch_on_merge,
            "use_squash_pr_title_as_default": False,
            "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
            "squash_merge_commit_message": "COMMIT_MESSAGES",
            "merge_commit_title": "MERGE_MESSAGE",
            "merge_commit_message": "PR_TITLE",
        }
    if isinstance(held.owner, Organization):
        found["organization"] = user(place, held.owner)
    if held.parent:
        found["parent"] = found["source"] = repository(place, held.parent)
    return found


def permissions(role: str) -> Json:
    names = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
    return {name: least(role, wanted) for name, wanted in names.items()}


def ref(place: Place, held: Repository, name: str, sha: str) -> Json:
    """A full ref name and what it points to."""
    kind = held.bare.git[sha].type_str
    room = {"commit": "commits", "tag": "tags"}[kind]
    return {
        "ref": name,
        "node_id": place.node("REF", f"{held.id}:{name}"),
        "url": f"{url(place, held)}/git/{name}",
        "object": {"sha": sha, "type": kind, "url": f"{url(place, held)}/git/{room}/{sha}"},
    }


def branch(place: Place, held: Repository, name: str) -> Json:
    """A branch in few words."""
    sha = held.bare.ref(HEADS + name)
    protection = held.protections.get(name)
    is_protected = bool(protection or held.rulesets_for(HEADS + name))
    return {
        "name": name,
        "commit": {"sha": sha, "url": f"{url(place, held)}/commits/{sha}"},
        "protected": is_protected,
        "protection": brief_protection(protection),
        "protection_url": f"{url(place, held)}/branches/{name}/protection",
    }


def brief_protection(held: Protection | None) -> Json:
    contexts = list(held.checks) if held else []
    level = "off" if not contexts else "everyone" if held and held.holds_admins else "non_admins"
    checks = [{"context": each, "app_id": None} for each in contexts]
    required = {"enforcement_level": level, "contexts": contexts, "checks": checks}
    return {"enabled": held is not None, "required_status_checks": required}


def protection(place: Place, held: Repository, name: str) -> Json:
    """What is demanded of a branch, to its administrators."""
    rule = held.protections[name]
    address = f"{url(place, held)}/branches/{name}/protection"
    found: Json = {
        "url": address,
        "enforce_admins": {"url": f"{address}/enforce_admins", "enabled": rule.holds_admins},
        "allow_force_pushes": {"enabled": rule.allows_force},
        "allow_deletions": {"enabled": rule.allows_deletion},
        "required_signatures": {"url": f"{address}/required_signatures", "enabled": False},
        **{name: {"enabled": False} for name in NEVER},
    }
    if rule.reviews:
        found["required_pull_request_reviews"] = {
            "url": f"{address}/required_pull_request_reviews",
            "dismiss_stale_reviews": rule.dismisses_stale,
            "require_code_owner_reviews": False,
            "require_last_push_approval": rule.needs_other_pusher,
            "required_approving_review_count": rule.reviews,
        }
    if rule.checks:
        found["required_status_checks"] = {
            "url": f"{address}/required_status_checks",
            "strict": rule.is_strict,
            "contexts": list(rule.checks),
            "contexts_url": f"{address}/required_status_checks/contexts",
            "checks": [{"context": each, "app_id": None} for each in rule.checks],
        }
    return found


def rules(held: Repository, branch_name: str) -> list[Json]:
    """The active rules for a branch, one by one."""
    return [
        {
            "type": kind,
            **({"parameters": parameters} if parameters else {}),
            "ruleset_source_type": "Repository",
            "ruleset_source": held.full_name,
            "ruleset_id": each.id,
        }
        for each in held.rulesets_for(HEADS + branch_name)
        for kind, parameters in each.rules.items()
    ]


def ruleset(place: Place, held: Repository, each: Ruleset, *, whole: bool) -> Json:
    found: Json = {
        "id": each.id,
        "name": each.name,
        "target": each.target,
        "source_type": "Repository",
        "source": held.full_name,
        "enforcement": each.enforcement,
        "node_id": place.node("RRS", each.id),
        "created_at": stamp(held.made),
        "updated_at": stamp(held.made),
        "_links": {
            "self": {"href": f"{url(place, held)}/rulesets/{each.id}"},
            "html": {"href": f"{place.web}/{held.full_name}/rules/{each.id}"},
        },
    }
    if whole:
        opening = HEADS if each.target == "branch" else TAGS
        names = [n if n.startswith(("refs/", "~")) else opening + n for n in each.include]
        found["conditions"] = {"ref_name": {"include": names, "exclude": []}}
        found["rules"] = [
            {"type": kind, **({"parameters": p} if p else {})} for kind, p in each.rules.items()
        ]
        found["bypass_actors"] = [
            {"actor_id": number, "actor_type": kind, "bypass_mode": "always"}
            for kind, number in sorted(each.bypass)
        ]
    return found


def activity(place: Place, each: Activity) -> Json:
    return {
        "id": each.id,
        "node_id": place.node("PSH", each.id),
        "before": each.before,
        "after": each.after,
        "ref": each.ref,
        "timestamp": stamp(each.at),
        "activity_type": each.kind,
        "actor": user(place, each.actor),
    }
