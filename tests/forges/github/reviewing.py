"""Reviews: given, refused and dismissed."""

from typing import Any

from tests.forges.github.apps import Caller
from tests.forges.github.opening import NOT_PERMITTED, acting
from tests.forges.github.people import least
from tests.forges.github.pull_request import PullRequest, Review
from tests.forges.github.pushing import check_writable
from tests.forges.github.refusal import Refused, absent, unprocessable
from tests.forges.github.telling import tell_review
from tests.forges.github.world import World

Json = dict[str, Any]
STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}
OWN = {
    "APPROVE": "Can not approve your own pull request",
    "REQUEST_CHANGES": "Can not request changes on your own pull request",
}


def find(pull: PullRequest, number: int) -> Review:
    found = next((each for each in pull.reviews if each.id == number), None)
    if not found:
        raise absent()
    return found


def submit(world: World, pull: PullRequest, caller: Caller, asked: Json) -> Review:
    """A review; without an event it is pending, and seen by its author alone."""
    check_writable(pull.base)
    user = acting(caller)
    event = asked.get("event") or ""
    _check(pull, caller, event, asked.get("body") or "")
    commit = asked.get("commit_id") or pull.head_sha
    if commit not in pull.base.bare.git or not pull.base.bare.is_ancestor(commit, pull.head_sha):
        raise unprocessable("The commit_id is not part of the pull request")
    state = STATES.get(event, "PENDING")
    moment = world.clock.tick() if event else None
    made = Review(world.next(), user, state, commit, asked.get("body") or "", moment, caller.app)
    pull.reviews.append(made)
    if event:
        _told(world, pull, made)
    return made


def _check(pull: PullRequest, caller: Caller, event: str, body: str) -> None:
    if event not in {"", *STATES}:
        variants = ", ".join(STATES)
        raise unprocessable(
            f"Variable $event of type PullRequestReviewEvent was provided invalid value: {variants}"
        )
    is_workflow = caller.app is not None and caller.app.is_actions
    if event == "APPROVE" and is_workflow and not pull.base.settings.actions_may_open_pulls:
        raise unprocessable(NOT_PERMITTED)
    if caller.user is pull.user and event in OWN:
        raise unprocessable(OWN[event])
    if event in {"REQUEST_CHANGES", "COMMENT"} and not body:
        raise unprocessable("Body can't be blank")


def send(world: World, pull: PullRequest, review: Review, caller: Caller, asked: Json) -> Review:
    """Submit a review that was pending."""
    event = str(asked["event"])
    if review.state != "PENDING" or review.user is not caller.user:
        raise unprocessable("Can not submit this review")
    _check(pull, caller, event, asked.get("body") or review.body)
    review.state, review.body = STATES[event], asked.get("body") or review.body
    review.submitted = world.clock.tick()
    _told(world, pull, review)
    return review


def _told(world: World, pull: PullRequest, review: Review) -> None:
    pull.updated = world.clock.now
    pull.reviewers = [each for each in pull.reviewers if each is not review.user]
    tell_review(world, pull, review, "submitted", review.user)


def dismiss(world: World, pull: PullRequest, review: Review, caller: Caller, message: str) -> Review:
    """Let a review count no more."""
    user = acting(caller)
    may = caller.is_app or least(pull.base.role(user), "write")
    is_protected = pull.base_ref in pull.base.protections
    if not may or (is_protected and not caller.is_app and pull.base.role(user) != "admin"):
        raise Refused(403, "Must have admin rights to Repository.")
    if review.state not in {"APPROVED", "CHANGES_REQUESTED"}:
        raise unprocessable(f"Can not dismiss a {review.state.lower()} pull request review")
    if not message:
        raise unprocessable("Message can't be blank")
    review.state = "DISMISSED"
    pull.updated = world.clock.tick()
    tell_review(world, pull, review, "dismissed", user)
    return review


def visible(pull: PullRequest, caller: Caller) -> list[Review]:
    """All reviews in order; those that are pending to their authors alone."""
    return [each for each in pull.reviews if each.state != "PENDING" or each.user is caller.user]
