"""Pull requests, reviews, comments and reactions as GitHub writes them."""

from typing import Any

from tests.forges.clock import stamp
from tests.forges.github.comment import CONTENTS, Comment, Reaction
from tests.forges.github.mergeability import Mergeability
from tests.forges.github.people import User
from tests.forges.github.place import Place
from tests.forges.github.pull_request import Label, PullRequest, Review
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import repository as shape
from tests.forges.github.shapes.people import app, user

Json = dict[str, Any]


def pull(place: Place, held: PullRequest) -> Json:
    """A pull request as it stands in lists."""
    base = held.base
    url = f"{shape.url(place, base)}/pulls/{held.number}"
    issue = f"{shape.url(place, base)}/issues/{held.number}"
    page = f"{place.web}/{base.full_name}/pull/{held.number}"
    statuses = f"{shape.url(place, base)}/statuses/{held.head_sha}"
    return {
        "url": url,
        "id": held.id,
        "node_id": place.node("PR", held.id),
        "html_url": page,
        "diff_url": f"{page}.diff",
        "patch_url": f"{page}.patch",
        "issue_url": issue,
        "number": held.number,
        "state": held.state,
        "locked": False,
        "title": held.title,
        "user": user(place, held.user),
        "body": held.body,
        "created_at": stamp(held.created),
        "updated_at": stamp(held.updated),
        "closed_at": stamp(held.closed) if held.closed else None,
        "merged_at": stamp(held.merged) if held.merged else None,
        "merge_commit_sha": held.merge_commit,
        "assignee": None,
        "assignees": [],
        "requested_reviewers": [user(place, each) for each in held.reviewers],
        "requested_teams": [],
        "labels": [label(place, base, each) for each in held.labels],
        "milestone": None,
        "draft": held.draft,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{shape.url(place, base)}/pulls/comments{{/number}}",
        "comments_url": f"{issue}/comments",
        "statuses_url": statuses,
        "head": _side(place, held.head, held.head_owner, held.head_ref, held.head_sha),
        "base": _side(place, base, base.owner, held.base_ref, held.base_sha),
        "_links": {
            "self": {"href": url},
            "html": {"href": page},
            "issue": {"href": issue},
            "comments": {"href": f"{issue}/comments"},
            "review_comments": {"href": f"{url}/comments"},
            "review_comment": {"href": f"{shape.url(place, base)}/pulls/comments{{/number}}"},
            "commits": {"href": f"{url}/commits"},
            "statuses": {"href": statuses},
        },
        "author_association": base.association(held.user),
        "auto_merge": None,
        "active_lock_reason": None,
    }


def _side(place: Place, held: Repository | None, owner: User, ref: str, sha: str) -> Json:
    return {
        "label": f"{owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": user(place, owner),
        "repo": shape.repository(place, held) if held else None,
    }


def full(place: Place, held: PullRequest, able: Mergeability) -> Json:
    """A pull request's own page, with what was computed about it."""
    bare = held.base.bare
    fork = bare.fork_point(held.base_sha, held.head_sha)
    files = bare.touched(fork, held.head_sha)
    return {
        **pull(place, held),
        "merged": held.merged is not None,
        "mergeable": able.mergeable,
        "rebaseable": able.mergeable,
        "mergeable_state": able.state,
        "merged_by": user(place, held.merged_by) if held.merged_by else None,
        "comments": len(held.base.comments_on(held.number)),
        "review_comments": 0,
        "maintainer_can_modify": held.maintainer_can_modify,
        "commits": len(bare.missing(held.base_sha, held.head_sha)) if fork else 0,
        "additions": sum(each.additions for each in files),
        "deletions": sum(each.deletions for each in files),
        "changed_files": len(files),
    }


def label(place: Place, held: Repository, each: Label) -> Json:
    return {
        "id": each.id,
        "node_id": place.node("LA", each.id),
        "url": f"{shape.url(place, held)}/labels/{each.name}",
        "name": each.name,
        "color": each.color,
        "default": False,
        "description": each.description,
    }


def review(place: Place, held: PullRequest, each: Review) -> Json:
    page = f"{place.web}/{held.base.full_name}/pull/{held.number}#pullrequestreview-{each.id}"
    url = f"{shape.url(place, held.base)}/pulls/{held.number}"
    found = {
        "id": each.id,
        "node_id": place.node("PRR", each.id),
        "user": user(place, each.user),
        "body": each.body,
        "state": each.state,
        "html_url": page,
        "pull_request_url": url,
        "author_association": held.base.association(each.user),
        "_links": {"html": {"href": page}, "pull_request": {"href": url}},
        "commit_id": each.commit,
    }
    return {**found, "submitted_at": stamp(each.submitted)} if each.submitted else found


def issue(place: Place, held: PullRequest) -> Json:
    """A pull request as the issue that it is too."""
    url = f"{shape.url(place, held.base)}/issues/{held.number}"
    page = f"{place.web}/{held.base.full_name}/pull/{held.number}"
    merged = stamp(held.merged) if held.merged else None
    return {
        "url": url,
        "repository_url": shape.url(place, held.base),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "html_url": page,
        "id": held.id + 1_000_000_000,
        "node_id": place.node("PR", held.id),
        "number": held.number,
        "title": held.title,
        "user": user(place, held.user),
        "labels": [label(place, held.base, each) for each in held.labels],
        "state": held.state,
        "locked": False,
        "assignee": None,
        "assignees": [],
        "milestone": None,
        "comments": len(held.base.comments_on(held.number)),
        "created_at": stamp(held.created),
        "updated_at": stamp(held.updated),
        "closed_at": stamp(held.closed) if held.closed else None,
        "author_association": held.base.association(held.user),
        "active_lock_reason": None,
        "draft": held.draft,
        "pull_request": {
            "url": f"{shape.url(place, held.base)}/pulls/{held.number}",
            "html_url": page,
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "merged_at": merged,
        },
        "body": held.body,
        "closed_by": None,
        "reactions": rollup(f"{url}/reactions", []),
        "timeline_url": f"{url}/timeline",
        "performed_via_github_app": app(place, held.app) if held.app else None,
        "state_reason": None,
    }


def comment(place: Place, held: Repository, each: Comment) -> Json:
    url = f"{shape.url(place, held)}/issues/comments/{each.id}"
    return {
        "url": url,
        "html_url": f"{place.web}/{held.full_name}/pull/{each.number}#issuecomment-{each.id}",
        "issue_url": f"{shape.url(place, held)}/issues/{each.number}",
        "id": each.id,
        "node_id": place.node("IC", each.id),
        "user": user(place, each.user),
        "created_at": stamp(each.created),
        "updated_at": stamp(each.updated),
        "author_association": held.association(each.user),
        "body": each.body,
        "reactions": rollup(f"{url}/reactions", each.reactions),
        "performed_via_github_app": app(place, each.app) if each.app else None,
    }


def rollup(url: str, held: list[Reaction]) -> Json:
    counts = {name: sum(each.content == name for each in held) for name in CONTENTS}
    return {"url": url, "total_count": len(held), **counts}


def reaction(place: Place, each: Reaction) -> Json:
    return {
        "id": each.id,
        "node_id": place.node("REA", each.id),
        "user": user(place, each.user),
        "content": each.content,
        "created_at": stamp(each.created),
    }
