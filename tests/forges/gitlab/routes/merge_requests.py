"""Questions about merge requests: found, opened, edited, merged, rebased, put on a train."""

from collections.abc import Iterable
from datetime import datetime

from tests.forges.gitlab import mergeability, merging, opening
from tests.forges.gitlab.ask import Answer, Ask, Route
from tests.forges.gitlab.merge_request import MergeRequest
from tests.forges.gitlab.people import DEVELOPER
from tests.forges.gitlab.refusal import Refused, absent, bad
from tests.forges.gitlab.shapes import merge_request as shape
from tests.forges.gitlab.shapes import people, repository

MANY = "/projects/:id/merge_requests"
ONE = f"{MANY}/:iid"
TRAINS = "/projects/:id/merge_trains"


def listed(ask: Ask) -> Answer:
    query = ask.request.query
    found: Iterable[MergeRequest] = ask.project.merge_requests.values()
    if (state := query.get("state", "all")) != "all":
        found = [each for each in found if each.state == state]
    for name in ("source_branch", "target_branch"):
        if wanted := query.get(name):
            found = [each for each in found if getattr(each, name) == wanted]
    if author := query.get("author_username"):
        found = [each for each in found if each.author.username == author]
    if draft := query.get("draft") or query.get("wip"):
        found = [each for each in found if each.is_draft == (draft in {"true", "yes"})]
    if after := query.get("updated_after"):
        found = [each for each in found if each.updated >= datetime.fromisoformat(after)]
    by = "updated" if query.get("order_by") == "updated_at" else "made"
    is_falling = query.get("sort", "desc") == "desc"
    ordered = sorted(found, key=lambda each: (getattr(each, by), each.iid), reverse=is_falling)
    return ask.page(ordered, lambda each: shape.listed(ask.place, each))


def opened(ask: Ask) -> Answer:
    asked = ask.need("title", "source_branch", "target_branch")
    source = ask.project
    target = source
    if number := asked.get("target_project_id"):
        target = ask.world.find(str(number), ask.user)
    made = opening.open_request(ask.world, source, target, ask.user, asked)
    return 201, _full(ask, made, "preparing")


def _full(ask: Ask, held: MergeRequest, status: str) -> dict[str, object]:
    level = held.target.level(ask.maybe_user, ask.world.today)
    may_merge = held.target.may_merge(level, held.target_branch)
    return shape.full(ask.place, held, status, may_merge=may_merge)


def get(ask: Ask) -> Answer:
    held = ask.merge_request
    found = _full(ask, held, mergeability.ask(held, ask.world.clock.now))
    if ask.request.query.get("include_rebase_in_progress") == "true":
        found["rebase_in_progress"] = False
    if ask.request.query.get("include_diverged_commits_count") == "true":
        tip = mergeability.target_tip(held)
        found["diverged_commits_count"] = len(held.target.bare.missing(held.head, tip)) if held.head else 0
    return 200, found


def change(ask: Ask) -> Answer:
    held = ask.merge_request
    opening.edit(ask.world, held, ask.user, ask.body)
    return 200, _full(ask, held, mergeability.peek(held))


def commits(ask: Ask) -> Answer:
    held = ask.merge_request
    version = held.version
    names = held.target.bare.missing(version.base, version.head)[::-1] if version else []
    return ask.page(names, lambda sha: repository.commit(ask.place, held.target, sha))


def participants(ask: Ask) -> Answer:
    """Who opened it, is to do something, or said something."""
    held = ask.merge_request
    said = [each.user for each in held.notes.values() if not each.system]
    found = {each.id: each for each in [held.author, *held.assignees, *held.reviewers, *said]}
    return ask.page(found.values(), lambda each: people.brief(ask.place, each))


def diffs(ask: Ask) -> Answer:
    return ask.page(mergeability.touched(ask.merge_request), repository.difference)


def changes(ask: Ask) -> Answer:
    held = ask.merge_request
    shown = [repository.difference(each) for each in mergeability.touched(held)]
    return 200, {**_full(ask, held, mergeability.peek(held)), "changes": shown, "overflow": False}


def versions(ask: Ask) -> Answer:
    held = ask.merge_request
    return ask.page(held.versions[::-1], lambda each: shape.version(held, each))


def merge_ref(ask: Ask) -> Answer:
    """The commit that merging would make."""
    held = ask.merge_request
    if not held.is_open or not held.head or mergeability.is_conflicting(held):
        raise bad("Merge request is not mergeable")
    bare, tip = held.target.bare, mergeability.target_tip(held)
    message = f"Merge {held.head} into {tip}"
    tree, by = bare.merge(tip, held.head), held.author.person
    made = bare.make(tree, [tip, held.head], message, by, ask.world.clock.now)
    bare.git.references.create(f"refs/merge-requests/{held.iid}/merge", made, force=True)
    return 200, {"commit_id": made}


def merge(ask: Ask) -> Answer:
    held = ask.merge_request
    merging.merge(ask.world, held, ask.user, ask.body)
    return 200, _full(ask, held, mergeability.peek(held))


def cancel(ask: Ask) -> Answer:
    held = ask.merge_request
    if not held.auto_merge:
        raise Refused(406, "406 Not Acceptable")
    held.auto_merge = None
    return 201, {"status": "success"}


def rebase(ask: Ask) -> Answer:
    merging.rebase(ask.world, ask.merge_request, ask.user)
    return 202, {"rebase_in_progress": True}


def delete(ask: Ask) -> Answer:
    held = ask.merge_request
    del held.target.merge_requests[held.iid]
    return 204, None


# Trains


def _cars(ask: Ask) -> list[MergeRequest]:
    return [each for each in ask.project.merge_requests.values() if each.train]


def train(ask: Ask) -> Answer:
    is_over = ask.request.query.get("scope") == "complete"
    found = [each for each in _cars(ask) if (each.state == "merged") == is_over]
    return ask.page(found, lambda each: shape.car(ask.place, each))


def board(ask: Ask) -> Answer:
    merging.board(ask.world, ask.merge_request, ask.user, ask.body)
    return 201, [shape.car(ask.place, each) for each in _cars(ask) if each.is_open]


def car(ask: Ask) -> Answer:
    if not ask.merge_request.train:
        raise absent()
    return 200, shape.car(ask.place, ask.merge_request)


ROUTES = (
    Route("GET", MANY, listed),
    Route("POST", MANY, opened),
    Route("GET", ONE, get),
    Route("PUT", ONE, change),
    Route("DELETE", ONE, delete, 50),
    Route("GET", f"{ONE}/commits", commits),
    Route("GET", f"{ONE}/participants", participants),
    Route("GET", f"{ONE}/diffs", diffs),
    Route("GET", f"{ONE}/changes", changes),
    Route("GET", f"{ONE}/versions", versions),
    Route("GET", f"{ONE}/merge_ref", merge_ref),
    Route("PUT", f"{ONE}/merge", merge),
    Route("POST", f"{ONE}/cancel_merge_when_pipeline_succeeds", cancel, DEVELOPER),
    Route("PUT", f"{ONE}/rebase", rebase),
    Route("GET", TRAINS, train, DEVELOPER),
    Route("POST", f"{TRAINS}/merge_requests/:iid", board, DEVELOPER),
    Route("GET", f"{TRAINS}/merge_requests/:iid", car, DEVELOPER),
)
