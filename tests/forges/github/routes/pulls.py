"""Questions about pull requests: found, opened, edited, merged."""

from collections.abc import Iterable

from tests.forges.github import merging, opening
from tests.forges.github.ask import Answer, Ask, Route
from tests.forges.github.mergeability import UNKNOWN
from tests.forges.github.mergeability import ask as ask_mergeability
from tests.forges.github.pull_request import PullRequest
from tests.forges.github.refusal import Refused
from tests.forges.github.shapes import git, people, pull
from tests.forges.github.telling import tell_pull

PULLS = "/repos/{owner}/{repo}/pulls"
PULL = f"{PULLS}/{{pull_number}}"
MOST_FILES, MOST_COMMITS = 3000, 250


def find(ask: Ask) -> PullRequest:
    return ask.repo.pull(ask.number("pull_number"))


def listed(ask: Ask) -> Answer:
    query = ask.request.query
    found: Iterable[PullRequest] = ask.repo.pulls.values()
    if (state := query.get("state", "open")) != "all":
        found = [each for each in found if each.state == state]
    if head := query.get("head"):
        found = [each for each in found if each.head_label == head]
    if base := query.get("base"):
        found = [each for each in found if each.base_ref == base]
    by = "updated" if query.get("sort") == "updated" else "created"
    is_falling = query.get("direction", "desc" if "sort" not in query or by == "created" else "asc") == "desc"
    ordered = sorted(found, key=lambda each: (getattr(each, by), each.number), reverse=is_falling)
    return ask.page(pull.pull(ask.place, each) for each in ordered)


def opened(ask: Ask) -> Answer:
    made = opening.open_pull(ask.world, ask.repo, ask.caller, ask.need("title", "head", "base"))
    url = f"{ask.place.api}/repos/{made.base.full_name}/pulls/{made.number}"
    return 201, pull.full(ask.place, made, UNKNOWN), {"Location": url}


def get(ask: Ask) -> Answer:
    found = find(ask)
    able = ask_mergeability(found)
    if able.mergeable and not found.merged:
        try_merge(ask, found)
    return 200, pull.full(ask.place, found, able)


def try_merge(ask: Ask, found: PullRequest) -> None:
    """The commit that merging would make, which stands where the real one will."""
    bare, tip = found.base.bare, found.base.bare.ref(f"refs/heads/{found.base_ref}")
    known = bare.ref(f"refs/pull/{found.number}/merge")
    if not known or [str(p) for p in bare.commit(known).parent_ids] != [tip, found.head_sha]:
        message = f"Merge {found.head_sha} into {tip}"
        tree = bare.merge(tip, found.head_sha)
        known = bare.make(tree, [tip, found.head_sha], message, merging.GITHUB, ask.world.clock.now)
        bare.git.references.create(f"refs/pull/{found.number}/merge", known, force=True)
    found.merge_commit = known


def change(ask: Ask) -> Answer:
    found = find(ask)
    opening.edit(ask.world, found, ask.caller, ask.body)
    return 200, pull.full(ask.place, found, UNKNOWN)


def commits(ask: Ask) -> Answer:
    found = find(ask)
    # What was merged is asked for by where the base was then.
    names = found.base.bare.missing(found.base_sha, found.head_sha)[:MOST_COMMITS]
    return ask.page(git.commit(ask.place, found.base, ask.world.users, sha) for sha in names)


def files(ask: Ask) -> Answer:
    found = find(ask)
    bare = found.base.bare
    fork = bare.fork_point(found.base_sha, found.head_sha)
    touched = bare.touched(fork, found.head_sha)[:MOST_FILES]
    return ask.page(git.difference(ask.place, found.base, found.head_sha, each) for each in touched)


def is_merged(ask: Ask) -> Answer:
    if not find(ask).merged:
        raise Refused(404, "Not Found")
    return 204, None


def merge(ask: Ask) -> Answer:
    return 200, merging.merge(ask.world, find(ask), ask.caller, ask.body)


def update_branch(ask: Ask) -> Answer:
    expected = ask.body.get("expected_head_sha")
    return 202, merging.update_branch(ask.world, find(ask), ask.caller, expected)


def request_reviews(ask: Ask) -> Answer:
    found = find(ask)
    for login in ask.body.get("reviewers", []):
        user = ask.world.users.get(login)
        if user is found.user:
            raise Refused(422, "Review cannot be requested from pull request author.")
        if not user or found.base.association(user) not in {"OWNER", "MEMBER", "COLLABORATOR"}:
            said = "Reviews may only be requested from collaborators. One or more of the users or teams you"
            raise Refused(
                422, f"{said} specified is not a collaborator of the {found.base.full_name} repository."
            )
        if user not in found.reviewers:
            found.reviewers.append(user)
            more = {"requested_reviewer": people.user(ask.place, user)}
            tell_pull(ask.world, found, "review_requested", ask.user, **more)
    return 201, pull.pull(ask.place, found)


def of_commit(ask: Ask) -> Answer:
    """The pull requests that brought a commit, or have it at their head."""
    held, sha = ask.repo, ask.parts["commit_sha"]
    found = [p for p in held.pulls.values() if sha in {p.head_sha, p.merge_commit if p.merged else ""}]
    return ask.page(pull.pull(ask.place, each) for each in found)


READ, WRITE = "pull_requests:read", "pull_requests:write"
ROUTES = (
    Route("GET", PULLS, listed, READ),
    Route("POST", PULLS, opened, WRITE),
    Route("GET", PULL, get, READ),
    Route("PATCH", PULL, change, WRITE),
    Route("GET", f"{PULL}/commits", commits, READ),
    Route("GET", f"{PULL}/files", files, READ),
    Route("GET", f"{PULL}/merge", is_merged, READ),
    Route("PUT", f"{PULL}/merge", merge, "contents:write", "write"),
    Route("PUT", f"{PULL}/update-branch", update_branch, WRITE, "write"),
    Route("POST", f"{PULL}/requested_reviewers", request_reviews, WRITE, "write"),
    Route("GET", "/repos/{owner}/{repo}/commits/{commit_sha}/pulls", of_commit, READ),
)
