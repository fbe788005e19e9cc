"""The events of pull requests, reviews, comments and checks, in the shapes of their webhooks."""

from typing import Any

from tests.forges.github.check import CheckRun, Status
from tests.forges.github.comment import Comment
from tests.forges.github.issue import Issue
from tests.forges.github.mergeability import UNKNOWN
from tests.forges.github.people import User
from tests.forges.github.pull_request import PullRequest, Review
from tests.forges.github.repository import Repository
from tests.forges.github.shapes import checks, git, pull, repository
from tests.forges.github.shapes.issue import numbered
from tests.forges.github.world import World

Json = dict[str, Any]
SETTINGS = ("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge", "allow_auto_merge")
MORE = (*SETTINGS, "delete_branch_on_merge", "allow_update_branch")


def _sided(found: Json, held: PullRequest) -> Json:
    """A webhook's sides say how their repositories merge, to whomever."""
    for side, of in (("head", held.head), ("base", held.base)):
        if of:
            found[side]["repo"] |= {name: getattr(of.settings, name) for name in MORE}
            found[side]["repo"] |= {
                "custom_properties": {},
                "use_squash_pr_title_as_default": False,
                "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
                "squash_merge_commit_message": "COMMIT_MESSAGES",
                "merge_commit_title": "MERGE_MESSAGE",
                "merge_commit_message": "PR_TITLE",
            }
    return found


def tell_pull(world: World, held: PullRequest, action: str, sender: User, **more: Any) -> None:
    """Something happened to a pull request."""
    shown = _sided(pull.full(world.place, held, UNKNOWN), held)
    parts = {"action": action, "number": held.number, "pull_request": shown, **more}
    world.tell(held.base, "pull_request", sender, parts)


def tell_review(world: World, held: PullRequest, review: Review, action: str, sender: User) -> None:
    """Something happened to a review; here its state is in small letters."""
    shown = pull.review(world.place, held, review)
    shown["state"] = review.state.lower()
    parts = {
        "action": action,
        "review": {**shown, "updated_at": shown.get("submitted_at")},
        "pull_request": _sided(pull.pull(world.place, held), held),
    }
    world.tell(held.base, "pull_request_review", sender, parts)


def tell_comment(
    world: World, held: Repository, comment: Comment, action: str, sender: User, **more: Any
) -> None:
    """Something happened to a comment; the event does not say what the pull request's head was."""
    issue = numbered(world.place, held, comment.number)
    shown = pull.comment(world.place, held, comment)
    world.tell(held, "issue_comment", sender, {"action": action, **more, "issue": issue, "comment": shown})


def tell_issue(world: World, held: Repository, issue: Issue, action: str, sender: User, **more: Any) -> None:
    """Something happened to an issue."""
    shown = numbered(world.place, held, issue.number)
    del shown["closed_by"]  # the description of this event has it not
    world.tell(held, "issues", sender, {"action": action, **more, "issue": shown})


def tell_status(world: World, held: Repository, status: Status) -> None:
    """Somebody said something about a commit."""
    shown = checks.status(world.place, held, status)
    names = [n for n, sha in held.bare.refs("refs/heads/").items() if sha == status.sha]
    brief = [repository.branch(world.place, held, n.removeprefix("refs/heads/")) for n in names]
    branches = [{key: each[key] for key in ("name", "commit", "protected")} for each in brief]
    parts = {
        **{key: shown[key] for key in ("id", "target_url", "context", "description", "state", "avatar_url")},
        "sha": status.sha,
        "name": held.full_name,
        "commit": git.commit(world.place, held, world.users, status.sha),
        "branches": branches,
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    world.tell(held, "status", status.creator, parts)


def tell_run(world: World, held: Repository, run: CheckRun, action: str, sender: User, **more: Any) -> None:
    """Something happened to a check run."""
    shown = checks.check_run_event(world.place, held, run)
    world.tell(held, "check_run", sender, {"action": action, "check_run": shown, **more})
