"""Whether a pull request could be merged, and what its repository still wants."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.forges.git_half import HEADS, Conflict
from tests.forges.github.check import combined, newest
from tests.forges.github.people import least
from tests.forges.github.pull_request import PullRequest


@dataclass(frozen=True)
class Mergeability:
    """`mergeable` is None for as long as GitHub computes."""

    mergeable: bool | None = None
    state: str = "unknown"


UNKNOWN = Mergeability()


def ask(pull: PullRequest) -> Mergeability:
    """What GitHub says when it is asked; the first to ask only start the computation."""
    if not pull.is_open:
        return Mergeability(None, "unknown")
    pull.asked += 1
    if pull.asked <= pull.base.settings.mergeable_after:
        return UNKNOWN
    return compute(pull)


def compute(pull: PullRequest) -> Mergeability:
    """What GitHub comes to at last."""
    if is_conflicting(pull):
        return Mergeability(False, "dirty")
    if pull.draft:
        return Mergeability(True, "draft")
    if next(unmet(pull), ""):
        return Mergeability(True, "blocked")
    if pull.base.demands(pull.base_ref).is_strict and is_behind(pull):
        return Mergeability(True, "behind")
    verdict = combined(verdicts(pull).values()) if verdicts(pull) else "success"
    return Mergeability(True, "clean" if verdict == "success" else "unstable")


def is_conflicting(pull: PullRequest) -> bool:
    try:
        pull.base.bare.merge(base_tip(pull), pull.head_sha)
    except Conflict:
        return True
    return False


def is_behind(pull: PullRequest) -> bool:
    return not pull.base.bare.is_ancestor(base_tip(pull), pull.head_sha)


def base_tip(pull: PullRequest) -> str:
    return pull.base.bare.ref(HEADS + pull.base_ref)


def verdicts(pull: PullRequest) -> dict[str, str]:
    """What was said about the head, by context or name of the check: success, failure or pending."""
    found = {each.context: each.verdict for each in newest(pull.base.statuses_of(pull.head_sha))}
    return found | {each.name: each.verdict for each in pull.base.runs_of(pull.head_sha)}


def approvals(pull: PullRequest) -> set[str]:
    """Who approves and counts: may write, is no App, and pushed not last where that is forbidden."""
    wants = pull.base.demands(pull.base_ref)
    return {
        login
        for login, review in pull.latest().items()
        if review.state == "APPROVED"
        and review.app is None
        and least(pull.base.role(review.user), "write")
        and not (wants.needs_other_pusher and review.user is pull.last_pusher)
    }


def rejections(pull: PullRequest) -> set[str]:
    """Who wants changes and counts."""
    return {
        login
        for login, review in pull.latest().items()
        if review.state == "CHANGES_REQUESTED" and least(pull.base.role(review.user), "write")
    }


def decision(pull: PullRequest) -> str | None:
    """GraphQL's word for the reviews; None where none is wanted."""
    wants = pull.base.demands(pull.base_ref)
    if not wants.reviews:
        return None
    if rejections(pull):
        return "CHANGES_REQUESTED"
    return "APPROVED" if len(approvals(pull)) >= wants.reviews else "REVIEW_REQUIRED"


def unmet(pull: PullRequest) -> Iterator[str]:
    """What the repository still wants, in GitHub's sentences."""
    wants = pull.base.demands(pull.base_ref)
    if wants.reviews and rejections(pull):
        yield "Changes have been requested."
    elif (lacking := wants.reviews) > len(approvals(pull)):
        plural = "review is" if lacking == 1 else "reviews are"
        yield f"At least {lacking} approving {plural} required by reviewers with write access."
    said = verdicts(pull)
    for context in sorted(wants.checks):
        match said.get(context):
            case None:
                yield f'Required status check "{context}" is expected.'
            case "pending":
                yield f'Required status check "{context}" is in progress.'
            case "failure":
                yield f'Required status check "{context}" is failing.'
